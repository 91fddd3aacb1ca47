-- Facts at a million posts a day, in the order in which they were written: few accounts write most of them, few posts
-- get most of the attention.
-- Grain: one post. Rows in: %(posts)s numbers from %(first)s. Rows out: as many facts.
insert into {{ facts }} (
    content_key, account_key, date_key, sentiment_key, created_hour, created_at, replies_count, reblogs_count,
    favourites_count, engagement_score, measured_at, deleted_at, pipeline_run_id, loaded_at
)
select
    n,
    account_key,
    20260901 + n / 1000000,
    n %% 4,
    n / 41667 %% 24,
    created_at,
    favourites / 6,
    favourites / 4,
    favourites,
    favourites / 6 + 2 * favourites + 3 * (favourites / 4),
    created_at + interval '10 hours' * luck,
    case when n %% 40 = 0 then created_at + interval '1 day' end,
    'cli/synthetic',
    created_at + interval '10 hours'
from (
    select
        n,
        1 + floor(5000000 * random() ^ 3)::bigint as account_key,
        timestamptz '2026-09-01 00:00:00+00' + n * interval '86400 microseconds' as created_at,
        floor(10 ^ (4 * random() ^ 4))::bigint - 1 as favourites,
        random() as luck
    from generate_series(%(first)s::bigint, %(first)s + %(posts)s - 1) as n
) as drawn;
