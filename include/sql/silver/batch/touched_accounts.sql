-- The accounts with new observations in this batch.
-- Grain: one account_uri. Rows in: none yet. Rows out: an empty table for the length of the transaction.
create temp table touched_accounts (account_uri text primary key) on commit drop
