-- Accounts of two instances and of Reddit, most of them small; every tenth has become known under another name.
-- Grain: one account. Rows in: %(accounts)s. Rows out: as many identities, a tenth more versions.

with

accounts as (
    select
        n,
        case n %% 10 when 0 then 'reddit' else 'mastodon' end as source,
        (array['reddit.com', 'one.example', 'two.example'])[case n %% 10 when 0 then 1 else 2 + n %% 2 end] as instance,
        floor(10 ^ (6.5 * random() ^ 2))::bigint - 1 as followers
    from generate_series(1, %(accounts)s) as n
),

identities as (
    insert into {{ silver }}.account_identities (account_uri, source, instance, account_id, acct, first_seen_at)
    select
        'https://' || instance || '/users/u' || n,
        source,
        instance,
        n::text,
        'u' || n,
        %(until)s::timestamptz - interval '100 days'
    from accounts
)

insert into {{ silver }}.dim_account (
    source, instance, account_id, acct, display_name, url, is_bot, account_created_at, followers_count,
    following_count, influence_tier, valid_from, valid_to, is_current
)
select
    accounts.source,
    accounts.instance,
    accounts.n::text,
    'u' || accounts.n,
    'User ' || accounts.n || versions.suffix,
    'https://' || accounts.instance || '/@u' || accounts.n,
    accounts.n %% 20 = 0,
    %(until)s::timestamptz - interval '2 years',
    accounts.followers,
    accounts.n %% 500,
    case
        when accounts.followers < 10000 then 'Micro'
        when accounts.followers < 100000 then 'Mid'
        when accounts.followers < 1000000 then 'Macro'
        else 'Mega'
    end,
    versions.valid_from,
    versions.valid_to,
    versions.valid_to = 'infinity'
from accounts
cross join lateral (
    values
    ('', '-infinity'::timestamptz, %(until)s::timestamptz - interval '30 days', accounts.n %% 10 = 3),
    (' again', %(until)s::timestamptz - interval '30 days', 'infinity', accounts.n %% 10 = 3),
    ('', '-infinity', 'infinity', accounts.n %% 10 <> 3)
) as versions (suffix, valid_from, valid_to, is_so)
where versions.is_so
order by accounts.n;
