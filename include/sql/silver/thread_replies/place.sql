-- Root and depth of everything that moved, from the top down.
-- Grain: one reply. Rows in: moved. Rows out: one each.
with recursive placed as (
    select
        reply.content_key,
        coalesce(parent.root_key, reply.parent_key) as root_key,
        coalesce(parent.depth, 0) + 1 as depth
    from moved
    inner join {{ silver }}.thread_replies as reply on moved.content_key = reply.content_key
    left join {{ silver }}.thread_replies as parent on reply.parent_key = parent.content_key
    where
        parent.content_key is null
        or not exists (select from moved as above where above.content_key = parent.content_key)
    union all
    select
        reply.content_key,
        placed.root_key,
        placed.depth + 1 as depth
    from placed
    inner join {{ silver }}.thread_replies as reply on placed.content_key = reply.parent_key
)

update {{ silver }}.thread_replies as known
set
    root_key = placed.root_key,
    depth = placed.depth
from placed
where
    known.content_key = placed.content_key
    and (known.root_key, known.depth) is distinct from (placed.root_key, placed.depth)
