-- Removes one. Grain: one row.
delete from {{ bronze }}.stream_events
where id = %(id)s
