-- What the last %(days)s days were like, measured by what ended in them.
-- Grain: one row. Rows in: endings and quality of those days. Rows out: one; null where there is nothing to measure.
-- A gap is the time between two ends of runs that read a window (as ops/watch/silence.sql has it) beyond what may be
-- silent; the last gap is still open, and the first one begins with the last end before these days and is cut at their
-- start.
with

span as (
    select now() - make_interval(days => %(days)s) as since
),

endings as (
    select
        endings.state,
        endings.started_at,
        endings.ended_at
    from {{ ops }}.job_endings as endings
    cross join span
    where endings.ended_at > span.since
),

jobs as (
    select
        count(*) as jobs,
        100.0 * count(*) filter (where state <> 'failed') / nullif(count(*), 0) as job_success,
        avg(extract(epoch from ended_at - started_at)) / 60 as mean_run_minutes
    from endings
),

measured as (
    select
        measure,
        sum(rows_checked)::double precision as checked,
        sum(rows_failed)::double precision as failed
    from {{ ops }}.quality_results
    cross join span
    where measured_at > span.since
    group by measure
),

read_windows as (
    select endings.ended_at
    from {{ ops }}.job_endings as endings
    inner join {{ bronze }}.pipeline_runs as runs on endings.pipeline_run_id = runs.pipeline_run_id
    where
        runs.source is not null
        and runs.window_until is not null
        and endings.state <> 'failed'
),

ingested as (
    select read_windows.ended_at
    from read_windows
    cross join span
    where read_windows.ended_at > span.since
    union all
    (
        select read_windows.ended_at
        from read_windows
        cross join span
        where read_windows.ended_at <= span.since
        order by read_windows.ended_at desc
        limit 1
    )
    union all
    select now() as ended_at
),

gaps as (
    select
        ended_at,
        lag(ended_at) over (order by ended_at) + make_interval(secs => %(silent_seconds)s) as silent_from
    from ingested
),

silent as (
    select
        sum(
            greatest(extract(epoch from gaps.ended_at - greatest(gaps.silent_from, span.since)), 0)
        ) filter (where gaps.silent_from is not null) as seconds,
        extract(epoch from now() - greatest(min(gaps.ended_at), span.since)) as whole,
        count(*) - 1 as ends
    from gaps
    cross join span
    group by span.since
)

select
    jobs.jobs,
    jobs.job_success::double precision as job_success,
    jobs.mean_run_minutes::double precision as mean_run_minutes,
    (
        select 100 * (1 - measured.failed / nullif(measured.checked, 0))
        from measured where measured.measure = 'completeness'
    ) as completeness,
    (
        select 100 * measured.failed / nullif(measured.checked, 0)
        from measured where measured.measure = 'uniqueness'
    ) as duplicates,
    (
        select 100 * measured.failed / nullif(measured.checked, 0)
        from measured where measured.measure = 'validity'
    ) as invalid,
    case
        when silent.ends > 0
            then (100 * (1 - silent.seconds / nullif(silent.whole, 0)))::double precision
    end as uptime
from jobs
cross join silent
