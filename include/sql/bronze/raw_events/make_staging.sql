-- A table of this connection's own that a batch is copied into; empty again after every commit.
-- Grain: one row per payload of the batch, with its first and its last look.

create temporary table if not exists raw_events_staging (
    id uuid not null,
    occurred_at timestamptz not null,
    source text not null,
    source_id text not null,
    event_type text not null,
    payload jsonb not null,
    instance text not null,
    post_id text not null,
    payload_hash bytea not null,
    observed_at timestamptz not null,
    last_seen_at timestamptz not null
) on commit delete rows;
