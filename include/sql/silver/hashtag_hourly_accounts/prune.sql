-- Forgets who no longer counts for a tag in an hour.
-- Grain: one tag on one instance in one hour, and account. Rows in: those at 0. Rows out: gone.
delete from {{ silver }}.hashtag_hourly_accounts
where posts = 0
