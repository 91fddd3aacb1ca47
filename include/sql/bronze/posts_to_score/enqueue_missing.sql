-- Queues what a model that is switched on has missed.
-- Grain: one post. Rows in: every post with a text that may be read. Rows out: those without a prediction of
-- this model for this text, or where it is to be `shown` and another is, that do not wait for it already and have not
-- broken it before.
insert into {{ bronze }}.posts_to_score (source, instance, post_id, model_key)
select
    toots.source,
    toots.instance,
    toots.id,
    %(model_key)s
from {{ toots }} as toots
where
    toots.content_text <> ''
    and coalesce(toots.visibility, 'public') = any(%(visibilities)s)
    and not exists (
        select from {{ silver }}.post_sentiments as known
        where
            known.source = toots.source
            and known.instance = toots.instance
            and known.post_id = toots.id
            and known.input_hash = sha256(convert_to(normalize(toots.content_text), 'UTF8'))
            and known.preprocessing_version = %(preprocessing_version)s
            and known.model = %(model)s
            and known.model_revision = %(model_revision)s
            and known.backend = %(backend)s
            and known.precision = %(precision)s
            and (not %(shown)s::boolean or toots.sentiment_scores is not distinct from known.scores)
    )
    and not exists (
        select from {{ bronze }}.posts_to_score as waiting
        where
            waiting.model_key = %(model_key)s
            and waiting.source = toots.source
            and waiting.instance = toots.instance
            and waiting.post_id = toots.id
    )
    and not exists (
        select from {{ bronze }}.dead_letters as poison
        where
            poison.stage = 'score'
            and poison.source = toots.source
            and poison.instance = toots.instance
            and poison.post_id = toots.id
            and poison.payload ->> 'model_key' = %(model_key)s
            and poison.payload ->> 'content_text' = toots.content_text
            and poison.replayed_at is null
    )
order by toots.created_at
