-- The posts whose counted state this batch may change.
-- Grain: one post. Rows in: none yet. Rows out: an empty table for the length of the transaction.
create temp table affected (content_key bigint primary key) on commit drop
