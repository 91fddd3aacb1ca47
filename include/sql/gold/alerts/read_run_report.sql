-- How some runs went, taken together, and what silver and gold made of them.
-- Grain: all of them. Rows in: the runs, and the last runs of silver and gold. Rows out: one.
with asked as (
    select
        runs.quality_score,
        runs.durations
    from {{ bronze }}.pipeline_runs as runs
    where runs.pipeline_run_id = any(%(runs)s::text[])
),

steps as (
    select
        durations.key as step,
        sum(durations.value::double precision) as seconds
    from asked
    cross join jsonb_each_text(asked.durations) as durations
    group by durations.key
),

layers as (
    select distinct on (runs.dag_id)
        runs.dag_id as step,
        extract(epoch from runs.finished_at - runs.started_at)::double precision as seconds
    from {{ bronze }}.pipeline_runs as runs
    where
        runs.dag_id in ('silver_star', 'gold_views')
        and runs.finished_at is not null
    order by runs.dag_id asc, runs.started_at desc
),

spent as (
    select
        steps.step,
        steps.seconds
    from steps
    union all
    select
        layers.step,
        layers.seconds
    from layers
)

select
    (select avg(asked.quality_score) from asked) as quality,
    (select jsonb_object_agg(spent.step, spent.seconds) from spent) as seconds
