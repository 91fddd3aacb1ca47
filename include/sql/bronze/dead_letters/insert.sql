-- bronze.dead_letters: keeps what could not be taken in. Grain: one row per open letter; the same one again is one
-- more try. Rows in: one; rows out: one.

insert into {{ bronze }}.dead_letters as letter (
    stage,
    source,
    source_id,
    instance,
    event_type,
    post_id,
    occurred_at,
    raw_event_id,
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
    %(payload)s,
    %(payload_raw)s,
    %(error_class)s,
    %(error)s,
    %(run_id)s
)
on conflict (
    stage, source, instance, event_type, post_id,
    md5(coalesce(encode(payload_raw, 'hex'), payload::text))
) where replayed_at is null and discarded_at is null
do update
    set
        tries = letter.tries + 1,
        last_tried_at = now(),
        error_class = excluded.error_class,
        error = excluded.error,
        pipeline_run_id = excluded.pipeline_run_id;
