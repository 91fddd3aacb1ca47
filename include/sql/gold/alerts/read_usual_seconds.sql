-- How long runs of a DAG usually take: the median of its last thirty that were closed well.
-- Grain: one DAG. Rows in: its runs. Rows out: one; null where there is none.
with lately as (
    select extract(epoch from runs.finished_at - runs.started_at) as seconds
    from {{ bronze }}.pipeline_runs as runs
    where
        runs.dag_id = %(dag_id)s
        and runs.state = 'success'
        and runs.finished_at is not null
    order by runs.started_at desc
    limit 30
)

select percentile_cont(0.5) within group (order by lately.seconds) as seconds from lately
