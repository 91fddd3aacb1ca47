-- Forgets tags in hours in which nothing counts any more.
-- Grain: one tag on one instance in one hour. Rows in: those at 0. Rows out: gone.
delete from {{ silver }}.hashtag_hourly_stats
where posts = 0
