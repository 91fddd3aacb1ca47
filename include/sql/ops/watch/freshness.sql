-- When each instance last answered, and how long the windows of its source usually are.
-- Grain: one instance of one source. Rows in: what is known of instances. Rows out: the same.
with usual as (
    select
        runs.source,
        percentile_cont(0.5) within group (
            order by extract(epoch from runs.window_until - runs.window_since)
        ) as seconds
    from {{ bronze }}.pipeline_runs as runs
    where
        runs.source is not null
        and runs.dag_id <> 'cli'
        and runs.started_at > now() - interval '14 days'
    group by runs.source
)

select
    state.source,
    state.instance,
    state.last_success_at,
    state.last_error,
    usual.seconds as usual_window
from {{ ops }}.source_state as state
left join usual on state.source = usual.source
order by state.source, state.instance
