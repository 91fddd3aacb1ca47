-- Posts over 90 days up to %(until)s: few accounts write most of them, few posts get most of the attention; some are
-- private, some deleted. Keys go up with time, as they do where posts are loaded when they are written.
-- Grain: one post. Rows in: %(posts)s. Rows out: as many rows of dim_content and facts.

with

lots as (
    select
        1 + floor(%(accounts)s * random() ^ 3)::bigint as account,
        date_trunc('second', %(until)s::timestamptz - interval '90 days' * random()) as created_at,
        floor(10 ^ (4 * random() ^ 4))::bigint - 1 as favourites,
        random() as luck,
        random() as reach
    from generate_series(1, %(posts)s)
),

drawn as materialized (
    select
        lots.*,
        %(first)s + row_number() over (order by lots.created_at) as n
    from lots
),

posts as (
    select
        drawn.*,
        account.account_key,
        account.source,
        account.instance,
        case when drawn.n %% 25 > 0 then floor(drawn.favourites * drawn.reach / 4)::bigint end as reblogs,
        floor(drawn.favourites * drawn.luck / 6)::bigint as replies,
        'https://' || account.instance || '/posts/' || drawn.n as uri
    from drawn
    inner join {{ silver }}.account_identities as known
        on known.account_id = drawn.account::text
    inner join {{ silver }}.dim_account as account
        on
            known.source = account.source
            and known.instance = account.instance
            and known.account_id = account.account_id
            and drawn.created_at >= account.valid_from
            and drawn.created_at < account.valid_to
),

contents as (
    insert into {{ silver }}.dim_content (
        content_key, source, instance, post_id, uri, url, content_text, content_hash, language, visibility,
        is_sensitive, spoiler_text, is_reply, media_count, media_types, content_length, word_count, created_at
    ) overriding system value
    select
        n,
        source,
        instance,
        n::text,
        uri,
        uri,
        repeat('words of post ' || n || ' ', 1 + (n %% 12)::integer),
        sha256(uri::bytea),
        (array['en', 'en', 'en', 'de', 'fr', 'ja', null])[1 + n %% 7],
        case when n %% 33 = 0 then 'private' when n %% 9 = 0 then 'unlisted' else 'public' end,
        n %% 50 = 0,
        '',
        n %% 6 = 0,
        0,
        '{}',
        18 * (1 + n %% 12),
        4 * (1 + n %% 12),
        created_at
    from posts
    order by posts.n
)

insert into {{ silver }}.fact_toot_engagement (
    content_key, account_key, date_key, sentiment_key, created_hour, created_at, replies_count, reblogs_count,
    favourites_count, engagement_score, measured_at, deleted_at, pipeline_run_id, loaded_at
)
select
    n,
    account_key,
    to_char(created_at at time zone 'UTC', 'YYYYMMDD')::integer,
    0,
    extract(hour from created_at at time zone 'UTC'),
    created_at,
    replies,
    reblogs,
    favourites,
    replies + 2 * favourites + 3 * coalesce(reblogs, 0),
    created_at + interval '10 hours' * luck,
    case when n %% 40 = 0 then created_at + interval '1 day' end,
    'cli/synthetic',
    now()
from posts
order by posts.n;
