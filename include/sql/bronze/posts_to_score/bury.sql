-- Sends texts that broke the model to dead_letters, with the model they broke.
-- Grain: one post. Rows in: arrays of equal length. Rows out: one letter each; the same letter again is one more try.
insert into {{ bronze }}.dead_letters (
    stage, source, instance, post_id, payload, error_class, error, pipeline_run_id
)
select
    'score' as stage,
    poison.source,
    poison.instance,
    poison.post_id,
    jsonb_build_object('model_key', %(model_key)s::text, 'content_text', poison.content_text) as payload,
    poison.error_class,
    poison.error,
    %(pipeline_run_id)s::text as run_id
from
    unnest(
        %(sources)s::text[],
        %(instances)s::text[],
        %(post_ids)s::text[],
        %(texts)s::text[],
        %(error_classes)s::text[],
        %(errors)s::text[]
    ) as poison (source, instance, post_id, content_text, error_class, error)
on conflict (
    stage, source, instance, event_type, post_id, md5(coalesce(encode(payload_raw, 'hex'), payload::text))
) where replayed_at is null and discarded_at is null
do update set
    tries = dead_letters.tries + 1,
    last_tried_at = now(),
    error_class = excluded.error_class,
    error = excluded.error,
    pipeline_run_id = excluded.pipeline_run_id
