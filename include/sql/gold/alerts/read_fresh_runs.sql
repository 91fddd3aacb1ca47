-- The runs of sources whose windows may be news: done lately, about a time that was then recent, and wholly in silver.
-- Grain: one run. Rows in: pipeline_runs of the last day. Rows out: none, one, or several that arrived together.
select
    runs.pipeline_run_id,
    runs.source,
    runs.window_since,
    runs.window_until
from {{ bronze }}.pipeline_runs as runs
where
    runs.finished_at > now() - interval '1 day'
    and runs.state in ('success', 'partial')
    and runs.source is not null
    -- A backfill reads windows that ended long before it started.
    and runs.window_until > runs.started_at - %(old_after)s::interval
    -- Partial may mean that a target failed, and then the others are news; or that they got no further.
    and not exists (
        select from {{ bronze }}.pipeline_steps as steps
        where
            steps.pipeline_run_id = runs.pipeline_run_id
            and steps.step <> 'extract'
            and steps.state <> 'success'
    )
    -- What was queued before the run ended and still waits may be its own.
    and not exists (
        select from {{ bronze }}.posts_to_load as waiting
        where waiting.queued_at <= runs.finished_at
    )
order by runs.window_since
