-- Hangs replies below their parents; where in the thread that is comes next.
-- Grain: one reply. Rows in: thread_moves. Rows out: one per reply whose parent is known.
merge into {{ silver }}.thread_replies as known
using thread_moves as move on known.content_key = move.content_key
when matched and move.parent_key is null then delete
when matched then
    update
        set
            parent_key = move.parent_key
when not matched and move.parent_key is not null then
    insert (content_key, parent_key, root_key, depth)
    values (move.content_key, move.parent_key, move.parent_key, 1)
