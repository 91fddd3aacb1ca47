-- Keeps the predictions of one micro-batch, shows them in the 49-column table, and tells silver what to load again:
-- the posts of which either is new.
-- Grain: one post. Rows in: arrays of equal length, a post once. Rows out: one prediction a post, text and model;
-- the same prediction again changes nothing. `shown` is true for the default model alone: only its mood is shown,
-- and only where the post still says what was read. Of a post that is there no longer, since its author was forgotten
-- while it was read, nothing is kept.
with predicted as (
    select
        said.source,
        said.instance,
        said.post_id,
        toots.uri,
        said.content_text,
        said.input_hash,
        said.label,
        said.confidence,
        said.scores::jsonb as scores,
        said.device
    from
        unnest(
            %(sources)b::text[],
            %(instances)b::text[],
            %(post_ids)b::text[],
            %(texts)b::text[],
            %(input_hashes)b::bytea[],
            %(labels)b::text[],
            %(confidences)b::double precision[],
            %(scores)b::text[],
            %(devices)b::text[]
        ) as said (
            source, instance, post_id, content_text, input_hash, label, confidence, scores, device
        )
    inner join {{ toots }} as toots
        on
            said.source = toots.source
            and said.instance = toots.instance
            and said.post_id = toots.id
),

kept as (
    insert into {{ silver }}.post_sentiments as known (
        source, instance, post_id, input_hash, preprocessing_version, model, model_revision, backend, precision,
        label, confidence, scores, device, analyzed_at, pipeline_run_id
    )
    select
        predicted.source,
        predicted.instance,
        predicted.post_id,
        predicted.input_hash,
        %(preprocessing_version)s,
        %(model)s,
        %(model_revision)s,
        %(backend)s,
        %(precision)s,
        predicted.label,
        predicted.confidence,
        predicted.scores,
        predicted.device,
        now() as analyzed_at,
        %(pipeline_run_id)s
    from predicted
    on conflict (
        source, instance, post_id, input_hash, preprocessing_version, model, model_revision, backend, precision
    ) do update
        set
            label = excluded.label,
            confidence = excluded.confidence,
            scores = excluded.scores,
            device = excluded.device,
            analyzed_at = excluded.analyzed_at,
            pipeline_run_id = excluded.pipeline_run_id
        where (known.label, known.scores) is distinct from (excluded.label, excluded.scores)
    returning source, instance, post_id
),

displayed as (
    update {{ toots }} as toots
    set
        sentiment_label = predicted.label,
        sentiment_confidence = predicted.confidence,
        sentiment_scores = predicted.scores
    from predicted
    where
        %(shown)s::boolean
        and toots.source = predicted.source
        and toots.instance = predicted.instance
        and toots.id = predicted.post_id
        -- Not a plain =, which the planner would take for a join key and hash the whole table by.
        and toots.content_text is not distinct from predicted.content_text
        and (toots.sentiment_label, toots.sentiment_scores)
        is distinct from (predicted.label, predicted.scores)
    returning toots.source, toots.instance, toots.id
)

insert into {{ bronze }}.posts_to_load (uri)
select predicted.uri
from predicted
where
    -- `is true` makes it a lookup in a hash: as a join, each would be compared with each.
    (
        (predicted.source, predicted.instance, predicted.post_id) in (
            select * from kept
            union all
            select * from displayed
        )
    ) is true
