-- Says of letters that a person gave them up; the row stays. Grain: one letter. Rows in: their ids. Rows out: those
-- that were open, discarded.
update {{ bronze }}.dead_letters
set discarded_at = now()
where id = any(%(ids)s::bigint[]) and replayed_at is null and discarded_at is null
