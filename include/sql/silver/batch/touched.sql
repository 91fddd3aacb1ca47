-- The posts of this batch.
-- Grain: one uri. Rows in: none yet. Rows out: an empty table for the length of the transaction.
create temp table touched (uri text primary key) on commit drop
