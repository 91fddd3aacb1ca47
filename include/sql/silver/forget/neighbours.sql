-- What answers a forgotten post, and what a thread with one began with, is loaded again, so that threads are as if it
-- had never been there. Grain: one post. Rows in: affected. Rows out: posts_to_load.
insert into {{ bronze }}.posts_to_load (uri)
select distinct content.uri
from affected
cross join
    lateral (
        select reply.content_key
        from {{ silver }}.thread_replies as reply
        where reply.parent_key = affected.content_key
        union
        select reply.root_key
        from {{ silver }}.thread_replies as reply
        where reply.content_key = affected.content_key
    ) as neighbour
inner join {{ silver }}.dim_content as content on neighbour.content_key = content.content_key
where not exists (select from affected as own where own.content_key = neighbour.content_key)
