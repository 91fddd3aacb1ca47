-- Nobody goes on reading the timeline of a forgotten account where they stopped. Grain: one row per run and target.
delete from {{ ops }}.reading_progress
where target = %(target)s
