-- What the archive keeps of a relation with raw events, in the order of its file; moments in microseconds since 1970.
-- Grain: one raw event. Rows out: all of it.
select
    id::text,
    (extract(epoch from occurred_at) * 1000000)::bigint as occurred_at,
    source,
    source_id,
    event_type,
    payload::text,
    (extract(epoch from ingested_at) * 1000000)::bigint as ingested_at,
    processed,
    (extract(epoch from processed_at) * 1000000)::bigint as processed_at,
    instance,
    post_id,
    payload_hash,
    (extract(epoch from observed_at) * 1000000)::bigint as observed_at,
    (extract(epoch from last_seen_at) * 1000000)::bigint as last_seen_at,
    pipeline_run_id
from {{ relation }}
order by occurred_at, id
