-- When something was last ingested, that is when a run that reads a source last ended well or partly so; and when the
-- first of all such runs began.
-- Grain: one row. Rows in: what ended, and what began. Rows out: one; null where nothing ever did.
select
    (
        select max(endings.ended_at)
        from {{ ops }}.job_endings as endings
        where endings.source is not null and endings.state <> 'failed'
    ) as ended_at,
    (
        select min(runs.started_at)
        from {{ bronze }}.pipeline_runs as runs
        where runs.source is not null
    ) as began_at
