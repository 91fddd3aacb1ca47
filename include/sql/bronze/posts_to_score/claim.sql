-- Takes the next posts of one model out of the queue, for as long as this transaction lives.
-- Grain: one post. Rows in: the queue. Rows out: each post once, with its text as it is now, and with about how many
-- wait behind them; a post that is gone has no text. Rows are deleted by their place: an emptied queue looks empty to
-- the planner.
with claimed as (
    delete from {{ bronze }}.posts_to_score
    where
        ctid = any(
            array(
                select ctid
                from {{ bronze }}.posts_to_score
                where model_key = %(model_key)s
                order by id
                limit %(batch_size)s
                for update skip locked
            )
        )
    returning id, source, instance, post_id
),

posts as (
    select distinct
        source,
        instance,
        post_id
    from claimed
)

select
    posts.source,
    posts.instance,
    posts.post_id,
    toots.content_text,
    (
        select max(waiting.id)
        from {{ bronze }}.posts_to_score as waiting
        where waiting.model_key = %(model_key)s
    ) - (select max(claimed.id) from claimed) as behind
from posts
left join {{ toots }} as toots
    on
        posts.source = toots.source
        and posts.instance = toots.instance
        and posts.post_id = toots.id
order by posts.source, posts.instance, posts.post_id
