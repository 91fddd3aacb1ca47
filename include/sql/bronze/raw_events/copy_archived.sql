-- Takes the rows of a file in. Rows in: its rows. Rows out: as many.
copy archived_events (
    id,
    occurred_at,
    source,
    source_id,
    event_type,
    payload,
    ingested_at,
    processed,
    processed_at,
    instance,
    post_id,
    payload_hash,
    observed_at,
    last_seen_at,
    pipeline_run_id
) from stdin with (format binary);  -- noqa: PRS
