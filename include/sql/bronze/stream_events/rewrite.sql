-- Gives one another payload. Grain: one row.
update {{ bronze }}.stream_events
set payload = %(payload)s
where id = %(id)s
