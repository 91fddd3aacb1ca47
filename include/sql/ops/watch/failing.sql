-- The DAGs whose last runs all failed, and what the last of them said.
-- Grain: one DAG. Rows in: what ended within a week. Rows out: those that failed %(in_a_row)s times in a row.
-- A run counts once, as it last ended: the task that closes it may have been tried several times.
with

last_endings as (
    select distinct on (endings.pipeline_run_id)
        endings.id,
        endings.dag_id,
        endings.pipeline_run_id,
        endings.state
    from {{ ops }}.job_endings as endings
    where
        endings.ended_at > now() - interval '7 days'
        and endings.dag_id <> 'cli'
    order by endings.pipeline_run_id asc, endings.id desc
),

ranked as (
    select
        dag_id,
        pipeline_run_id,
        state,
        row_number() over (partition by dag_id order by id desc) as place
    from last_endings
),

failing as (
    select
        ranked.dag_id,
        max(ranked.pipeline_run_id) filter (where ranked.place = 1) as pipeline_run_id
    from ranked
    where ranked.place <= %(in_a_row)s
    group by ranked.dag_id
    having count(*) = %(in_a_row)s and bool_and(ranked.state = 'failed')
)

select
    failing.dag_id,
    failing.pipeline_run_id,
    (
        select steps.error
        from {{ bronze }}.pipeline_steps as steps
        where
            steps.pipeline_run_id = failing.pipeline_run_id
            and steps.state = 'failed'
        order by steps.finished_at desc
        limit 1
    ) as error
from failing
order by failing.dag_id
