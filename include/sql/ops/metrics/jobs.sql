-- How often jobs ended, how, and how long they took: counters that only grow, because endings are never changed.
-- Grain: one DAG, source, state and bucket of duration. Rows in: every ending. Rows out: those that are not empty.
select
    endings.dag_id,
    coalesce(endings.source, '') as source,
    endings.state,
    width_bucket(
        extract(epoch from endings.ended_at - endings.started_at)::double precision,
        %(limits)s::double precision[]
    ) as bucket,
    count(*) as jobs,
    sum(extract(epoch from endings.ended_at - endings.started_at))::double precision as seconds,
    max(extract(epoch from endings.ended_at))::double precision as last_ended
from {{ ops }}.job_endings as endings
group by endings.dag_id, endings.source, endings.state, bucket
order by endings.dag_id, source, endings.state, bucket
