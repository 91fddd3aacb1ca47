-- Which of some posts are still there: an account may have been forgotten while they were read.
-- Grain: one post of one instance. Rows in: arrays of equal length. Rows out: those that are.
select
    toots.source,
    toots.instance,
    toots.id
from {{ toots }} as toots
inner join
    unnest(%(sources)s::text[], %(instances)s::text[], %(post_ids)s::text[]) as post (source, instance, post_id)
    on
        toots.source = post.source
        and toots.instance = post.instance
        and toots.id = post.post_id
