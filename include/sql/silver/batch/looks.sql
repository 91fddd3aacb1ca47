-- Every observation of the posts of this batch, without what they say.
-- Grain: one observation. Rows in: none yet. Rows out: an empty table for the length of the transaction.
create temp table looks (
    observation_id bigint not null,
    uri text not null,
    raw_event_id uuid not null,
    observed_at timestamptz not null,
    source text not null,
    instance text not null,
    post_id text not null,
    is_origin boolean not null,
    is_deleted boolean not null,
    is_read boolean not null,
    created_at timestamptz not null,
    edited_at timestamptz,
    content_hash bytea,
    account_uri text not null,
    account_id text not null,
    acct text not null,
    in_reply_to_id text,
    replies_count bigint,
    reblogs_count bigint,
    favourites_count bigint
) on commit drop
