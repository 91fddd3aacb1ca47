-- How long the windows of each source usually are, and whether it is still read: one that nobody wants any more began
-- its last window a day before another one did.
-- Grain: one source. Rows in: DAGs' runs of two weeks that read a window. Rows out: one a source.
select
    runs.source,
    percentile_cont(0.5) within group (
        order by extract(epoch from runs.window_until - runs.window_since)
    ) as seconds,
    max(runs.started_at) > max(max(runs.started_at)) over () - interval '1 day' as is_read
from {{ bronze }}.pipeline_runs as runs
where
    runs.source is not null
    and runs.window_until is not null
    and runs.dag_id <> 'cli'
    and runs.started_at > now() - interval '14 days'
group by runs.source
