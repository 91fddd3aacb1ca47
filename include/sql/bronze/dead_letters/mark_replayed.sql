-- Says of letters that they are taken in again. Where that fails, insert.sql and mark_rejected.sql open them once more.
-- Grain: one letter. Rows in: their ids. Rows out: the same, replayed.
update {{ bronze }}.dead_letters
set replayed_at = now()
where id = any(%(ids)s::bigint[])
