-- Makes the weekly partitions that a batch needs and that are not there yet. Rows out: how many were made.

select {{ bronze }}.ensure_raw_events_weeks(%(weeks)s);
