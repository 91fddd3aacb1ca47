-- Has models read the posts of a span of time again: what they said of a text before is remembered, and judged anew.
-- Grain: one post and model. Rows in: posts with a text that may be read. Rows out: how many posts; those are left out
-- that broke the model, or wait for it already.
with posts as (
    select
        toots.source,
        toots.instance,
        toots.id,
        toots.content_text
    from {{ toots }} as toots
    where
        toots.created_at >= %(since)s
        and toots.created_at < %(until)s
        and (%(source)s::text is null or toots.source = %(source)s)
        and toots.content_text <> ''
        and coalesce(toots.visibility, 'public') = any(%(visibilities)s::text[])
),

queued as (
    insert into {{ bronze }}.posts_to_score (source, instance, post_id, model_key)
    select
        posts.source,
        posts.instance,
        posts.id,
        active.model_key
    from posts
    cross join unnest(%(model_keys)s::text[]) as active (model_key)
    where
        %(really)s
        and not exists (
            select from {{ bronze }}.posts_to_score as waiting
            where
                waiting.model_key = active.model_key
                and waiting.source = posts.source
                and waiting.instance = posts.instance
                and waiting.post_id = posts.id
        )
        and not exists (
            select from {{ bronze }}.dead_letters as poison
            where
                poison.stage = 'score'
                and poison.source = posts.source
                and poison.instance = posts.instance
                and poison.post_id = posts.id
                and poison.payload ->> 'model_key' = active.model_key
                and poison.payload ->> 'content_text' = posts.content_text
                and poison.replayed_at is null
        )
)

select count(*) as posts
from posts
