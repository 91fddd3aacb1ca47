-- Drops what only writers need of a week. Rows out: whether there was something to drop.
select {{ bronze }}.cool_raw_events_week(%(week)s)
