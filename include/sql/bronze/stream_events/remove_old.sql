-- Forgets old events of streams; what nobody has taken in or given up yet stays.
-- Grain: one event. Rows out: those removed.
delete from {{ bronze }}.stream_events
where received_at < %(before)s and coalesce(processed_at::text, process_error) is not null
