-- Forgets the minutes before the last 48 hours.
-- Grain: one tag on one instance in one minute. Rows in: those too old. Rows out: gone.
delete from {{ silver }}.hashtag_minute_stats
where minute < now() - interval '48 hours'
