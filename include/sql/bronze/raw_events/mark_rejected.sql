-- Sends claimed raw events that cannot become rows to dead_letters, payload and all.
-- Grain: one raw event. Rows in: their keys and what is wrong. Rows out: one letter each; the same letter again
-- is one more try, and open again where it had been replayed.
insert into {{ bronze }}.dead_letters as known (
    stage, source, source_id, instance, event_type, post_id, occurred_at, raw_event_id, observed_at,
    last_seen_at, payload, error_class, error, pipeline_run_id
)
select
    'transform' as stage,
    event.source,
    event.source_id,
    event.instance,
    event.event_type,
    event.post_id,
    event.occurred_at,
    event.id,
    event.observed_at,
    event.last_seen_at,
    event.payload,
    refused.error_class,
    refused.error,
    %(pipeline_run_id)s
from
    unnest(
        %(ids)s::uuid[], %(occurred_ats)s::timestamptz[], %(error_classes)s::text[], %(errors)s::text[]
    ) as refused (id, occurred_at, error_class, error)
inner join {{ bronze }}.raw_events as event
    on refused.id = event.id and refused.occurred_at = event.occurred_at
on conflict (
    stage, source, instance, event_type, post_id, md5(coalesce(encode(payload_raw, 'hex'), payload::text))
) where discarded_at is null
do update set
    tries = known.tries + 1,
    last_tried_at = now(),
    replayed_at = null,
    observed_at = least(known.observed_at, excluded.observed_at),
    last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at),
    error_class = excluded.error_class,
    error = excluded.error,
    pipeline_run_id = excluded.pipeline_run_id
