-- bronze.pipeline_runs: adds up what the steps of a run counted, and closes it. ops.job_endings keeps each ending: of a
-- run that was cleared only what was done anew.
-- Grain: one row per run. Rows in: its steps; rows out: one.
-- partial: some steps failed, others did not, and the run got through with what it had. A step's duration is from its
-- first target's start to its last one's end.

with

steps as (
    select * from {{ bronze }}.pipeline_steps
    where pipeline_run_id = %(pipeline_run_id)s
),

counted as (
    select
        coalesce(sum((counts ->> 'events_extracted')::bigint), 0) as events_extracted,
        coalesce(sum((counts ->> 'events_new')::bigint), 0) as events_new,
        coalesce(sum((counts ->> 'events_seen_again')::bigint), 0) as events_seen_again,
        coalesce(sum((counts ->> 'transformed')::bigint), 0) as transformed,
        coalesce(sum((counts ->> 'rejected')::bigint), 0) as rejected,
        coalesce(sum((counts ->> 'duplicates')::bigint), 0) as duplicates,
        coalesce(sum((counts ->> 'scored')::bigint), 0) as scored,
        coalesce(sum((counts ->> 'cache_hits')::bigint), 0) as cache_hits,
        coalesce(sum((counts ->> 'loaded')::bigint), 0) as loaded,
        count(*) filter (where state = 'failed') as failed,
        count(*) filter (where state = 'success') as succeeded
    from steps
),

spans as (
    select
        step,
        round(extract(epoch from max(coalesce(finished_at, now())) - min(started_at))::numeric, 3) as seconds
    from steps
    group by step
),

timed as (
    select coalesce(jsonb_object_agg(step, seconds), '{}') as durations from spans
),

judged as (
    select max(value) as quality_score
    from {{ ops }}.quality_results
    where pipeline_run_id = %(pipeline_run_id)s and measure = 'score'
),

ended as (
    select
        case
            when not %(got_through)s or (counted.failed > 0 and counted.succeeded = 0) then 'failed'
            when counted.failed = 0 then 'success'
            else 'partial'
        end as state
    from counted
),

before as (
    select coalesce(max(ended_at), '-infinity') as ended_at
    from {{ ops }}.job_endings
    where pipeline_run_id = %(pipeline_run_id)s
),

done_now as (
    select steps.*
    from steps
    cross join before
    where steps.started_at > before.ended_at
),

counted_now as (
    select coalesce(jsonb_object_agg(added.name, added.total), '{}') as counts
    from (
        select
            each.key as name,
            sum(each.value::numeric) as total
        from done_now
        cross join jsonb_each(done_now.counts) as each
        where jsonb_typeof(each.value) = 'number'
        group by each.key
    ) as added
),

ending as (
    insert into {{ ops }}.job_endings (pipeline_run_id, dag_id, source, state, started_at, counts)
    select
        run.pipeline_run_id,
        run.dag_id,
        run.source,
        ended.state,
        coalesce((select min(done_now.started_at) from done_now), run.started_at) as started_at,
        counted_now.counts
    from {{ bronze }}.pipeline_runs as run
    cross join ended
    cross join counted_now
    where run.pipeline_run_id = %(pipeline_run_id)s
)

update {{ bronze }}.pipeline_runs as run
set
    finished_at = clock_timestamp(),
    state = ended.state,
    events_extracted = counted.events_extracted,
    events_new = counted.events_new,
    events_seen_again = counted.events_seen_again,
    transformed = counted.transformed,
    rejected = counted.rejected,
    duplicates = counted.duplicates,
    scored = counted.scored,
    cache_hits = counted.cache_hits,
    loaded = counted.loaded,
    durations = timed.durations,
    quality_score = coalesce(judged.quality_score, run.quality_score)
from counted, ended, timed, judged
where run.pipeline_run_id = %(pipeline_run_id)s
returning
    run.state,
    run.events_extracted,
    run.events_new,
    run.events_seen_again,
    run.transformed,
    run.rejected,
    run.duplicates,
    run.scored,
    run.cache_hits,
    run.loaded,
    run.quality_score,
    run.durations;
