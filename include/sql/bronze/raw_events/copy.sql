-- bronze.raw_events: takes in payloads of things that are not stored yet; nobody else writes about them meanwhile
-- (lock_instances.sql). Grain: one payload. Rows in: the new ones; rows out: as many.

copy {{ bronze }}.raw_events (
    id,
    occurred_at,
    source,
    source_id,
    event_type,
    payload,
    instance,
    post_id,
    payload_hash,
    observed_at,
    last_seen_at,
    pipeline_run_id
) from stdin with (format binary);  -- noqa: PRS
