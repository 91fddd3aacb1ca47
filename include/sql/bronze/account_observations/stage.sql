-- Where a batch of cleaned accounts waits, in this connection alone and until its transaction ends.
-- Grain: one look at one account.
create temporary table if not exists staged_accounts (
    raw_event_id uuid not null,
    observed_at timestamptz not null,
    source text not null,
    instance text not null,
    account_id text not null,
    account_uri text not null,
    acct text not null,
    display_name text,
    url text,
    is_bot boolean not null,
    account_created_at timestamptz,
    followers_count bigint,
    following_count bigint,
    statuses_count bigint
) on commit delete rows
