-- How some runs went, taken together.
-- Grain: all of them. Rows in: the runs. Rows out: one.
with steps as (
    select
        durations.key as step,
        sum(durations.value::double precision) as seconds
    from {{ bronze }}.pipeline_runs as runs
    cross join jsonb_each_text(runs.durations) as durations
    where runs.pipeline_run_id = any(%(runs)s::text[])
    group by durations.key
)

select
    (
        select avg(runs.quality_score)
        from {{ bronze }}.pipeline_runs as runs
        where runs.pipeline_run_id = any(%(runs)s::text[])
    ) as quality,
    (select jsonb_object_agg(steps.step, steps.seconds) from steps) as seconds
