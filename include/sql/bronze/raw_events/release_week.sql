-- Drops a week that the archive holds. Rows out: whether it held just that.
select {{ bronze }}.release_raw_events_week(%(week)s, %(rows)s, %(checksum)s)
