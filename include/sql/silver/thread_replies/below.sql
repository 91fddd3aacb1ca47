-- Everything that moves with the posts that moved.
-- Grain: one post. Rows in: thread_moves. Rows out: they and all below them, with the thread they were in.
create temp table moved on commit drop as
with recursive below as (
    select
        content_key,
        old_root_key
    from thread_moves
    union
    select
        reply.content_key,
        reply.root_key as old_root_key
    from below
    inner join {{ silver }}.thread_replies as reply on below.content_key = reply.parent_key
    where not exists (select from thread_moves where thread_moves.content_key = reply.content_key)
)

select
    content_key,
    old_root_key
from below
