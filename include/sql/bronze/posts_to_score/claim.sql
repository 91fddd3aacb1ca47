-- Takes the next posts of one model out of the queue, for as long as this transaction lives.
-- Grain: one post. Rows in: the queue. Rows out: each post once, with its text as it is now;
-- a post that is gone has none.
with claimed as (
    delete from {{ bronze }}.posts_to_score
    where
        id in (
            select waiting.id
            from {{ bronze }}.posts_to_score as waiting
            where waiting.model_key = %(model_key)s
            order by waiting.id
            limit %(batch_size)s
            for update skip locked
        )
    returning source, instance, post_id
)

select distinct
    claimed.source,
    claimed.instance,
    claimed.post_id,
    toots.uri,
    toots.content_text
from claimed
left join {{ toots }} as toots
    on
        claimed.source = toots.source
        and claimed.instance = toots.instance
        and claimed.post_id = toots.id
order by claimed.source, claimed.instance, claimed.post_id
