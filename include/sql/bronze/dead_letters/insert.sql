-- bronze.dead_letters: keeps what could not be taken in. Grain: one row per letter that nobody discarded; the same one
-- again is one more try, and open again where it had been replayed. Rows in: one; rows out: one.

insert into {{ bronze }}.dead_letters as letter (
    stage,
    source,
    source_id,
    instance,
    event_type,
    post_id,
    occurred_at,
    raw_event_id,
    observed_at,
    last_seen_at,
    payload,
    payload_raw,
    error_class,
    error,
    pipeline_run_id
)
values (
    %(stage)s,
    %(source)s,
    %(source_id)s,
    %(instance)s,
    %(event_type)s,
    %(post_id)s,
    %(occurred_at)s,
    %(raw_event_id)s,
    %(observed_at)s,
    %(observed_at)s,
    %(payload)s,
    %(payload_raw)s,
    %(error_class)s,
    %(error)s,
    %(run_id)s
)
on conflict (
    stage, source, instance, event_type, post_id,
    md5(coalesce(encode(payload_raw, 'hex'), payload::text))
) where discarded_at is null
do update
    set
        tries = letter.tries + 1,
        last_tried_at = now(),
        replayed_at = null,
        observed_at = least(letter.observed_at, excluded.observed_at),
        last_seen_at = greatest(letter.last_seen_at, excluded.last_seen_at),
        error_class = excluded.error_class,
        error = excluded.error,
        pipeline_run_id = excluded.pipeline_run_id;
