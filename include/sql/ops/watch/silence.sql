-- When something was last ingested, that is when a run that reads a window last ended well or partly so; and when the
-- first of all such runs began.
-- Grain: one row. Rows in: what ended, and what began. Rows out: one; null where nothing ever did.
-- A second look at known posts has a source and no window: it goes on while nothing new is read.
-- How much a window held is not asked: a hashtag that is quiet is no outage.
with windows as (
    select
        runs.pipeline_run_id,
        runs.started_at
    from {{ bronze }}.pipeline_runs as runs
    where runs.source is not null and runs.window_until is not null
)

select
    (
        select max(endings.ended_at)
        from {{ ops }}.job_endings as endings
        inner join windows on endings.pipeline_run_id = windows.pipeline_run_id
        where endings.state <> 'failed'
    ) as ended_at,
    (select min(windows.started_at) from windows) as began_at
