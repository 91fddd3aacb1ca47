-- Takes a batch in as fast as PostgreSQL can. Rows in: the batch; rows out: as many.

copy raw_events_staging (
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
    last_seen_at
) from stdin with (format binary);  -- noqa: PRS
