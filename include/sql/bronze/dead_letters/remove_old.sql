-- Forgets letters that were taken in after all, or given up, long ago; the others stay until a person discards them.
-- Grain: one letter. Rows out: those removed.
delete from {{ bronze }}.dead_letters
where coalesce(replayed_at, discarded_at) < %(before)s
