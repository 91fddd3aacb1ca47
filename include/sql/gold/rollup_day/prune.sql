-- Lets go of the days on which nothing that counts is left.
-- Grain: one row per day and instance. Rows in: rollup_changes. Rows out: the days that went.

delete from {{ gold }}.rollup_day
where posts = 0 and day in (select rollup_changes.day from rollup_changes where rollup_changes.posts < 0);
