-- Keeps the predictions of one micro-batch, shows them in the 49-column table, and tells silver what to load again:
-- the posts of which either is new.
-- Grain: one post. Rows in: arrays of equal length, a post once. Rows out: one prediction a post, text and model;
-- the same prediction again changes nothing. `shown` is true for the default model alone: only its mood is shown,
-- and only where the post still says what was read. Of a post that is there no longer, since its author was forgotten
-- while it was read, nothing is kept. A text that the model has just met has no prediction that could be in the way:
-- looking for one is a tenth of the work. Where it has, from somebody who met it at the same time, this fails.
with said as (
    select
        source,
        instance,
        post_id,
        content_text,
        input_hash,
        label,
        confidence,
        scores::jsonb as scores,
        device,
        is_new,
        place
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
            %(devices)b::text[],
            %(are_new)b::boolean[]
        ) with ordinality as one (
            source, instance, post_id, content_text, input_hash, label, confidence, scores, device, is_new, place
        )
),

-- A post that is shown its mood is found once: nearly all are.
displayed as (
    update {{ toots }} as toots
    set
        sentiment_label = said.label,
        sentiment_confidence = said.confidence,
        sentiment_scores = said.scores
    from said
    where
        %(shown)s::boolean
        and toots.source = said.source
        and toots.instance = said.instance
        and toots.id = said.post_id
        -- Not a plain =, which the planner would take for a join key and hash the whole table by.
        and toots.content_text is not distinct from said.content_text
        and (toots.sentiment_label, toots.sentiment_scores)
        is distinct from (said.label, said.scores)
    returning said.*, toots.uri
),

others as (
    select
        said.*,
        toots.uri
    from said
    cross join
        lateral (
            select standing.uri
            from {{ toots }} as standing
            where
                standing.source = said.source
                and standing.instance = said.instance
                and standing.id = said.post_id
            order by standing.id
        ) as toots
    where said.place not in (select displayed.place from displayed)
),

predicted as (
    select * from displayed
    union all
    select * from others
),

kept_first as (
    insert into {{ silver }}.post_sentiments (
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
    where predicted.is_new
    returning source, instance, post_id
),

kept_again as (
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
    where not predicted.is_new
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

kept as (
    select * from kept_first
    union all
    select * from kept_again
)

insert into {{ bronze }}.posts_to_load (uri)
select displayed.uri
from displayed
union all
select others.uri
from others
where
    -- `is true` makes it a lookup in a hash: as a join, each would be compared with each.
    ((others.source, others.instance, others.post_id) in (select * from kept)) is true
