-- Lets go of the hours in which nothing that counts is left.
-- Grain: one row per day, hour and language. Rows in: rollup_changes. Rows out: the hours that went.

delete from {{ gold }}.rollup_hour
where posts = 0 and day in (select rollup_changes.day from rollup_changes where rollup_changes.posts < 0);
