-- The whole history of the accounts that were touched, from everything ever observed of them, so that late and
-- repeated arrivals give what arrival in order gives. Where the account's own server is read, it alone is believed:
-- others show another handle and other counts. An account known only as an author has one version, with its handle.
-- Grain: one version. Rows in: histories, addresses. Rows out: their versions, half-open, the first from -infinity.
create temp table account_versions on commit drop as
with observed as (
    select
        addresses.history,
        look.observed_at,
        look.raw_event_id,
        look.acct,
        look.display_name,
        look.url,
        look.is_bot,
        look.account_created_at,
        look.followers_count,
        look.following_count,
        case
            when look.followers_count >= 1000000 then 'Mega'
            when look.followers_count >= 100000 then 'Macro'
            when look.followers_count >= 10000 then 'Mid'
            else 'Micro'
        end as influence_tier,
        lower(split_part(split_part(look.account_uri, '://', 2), '/', 1)) = look.instance as is_origin
    from addresses
    inner join {{ bronze }}.account_observations as look on addresses.account_uri = look.account_uri
),

believed as (
    select
        *,
        row(acct, display_name, url, is_bot, influence_tier)::text as told,
        bool_or(is_origin) over (partition by history) as is_origin_read
    from observed
),

moments as (
    select distinct on (history, observed_at) *
    from believed
    where is_origin or not is_origin_read
    order by history asc, observed_at asc, raw_event_id desc
),

openings as (
    select
        *,
        coalesce(told <> lag(told) over (partition by history order by observed_at), true) as opens
    from moments
),

numbered as (
    select
        *,
        count(*) filter (where opens) over (partition by history order by observed_at) as version
    from openings
),

lasting as (
    select distinct on (history, version)
        *,
        min(observed_at) over (partition by history, version) as opened_at
    from numbered
    order by history asc, version asc, observed_at desc
),

spans as (
    select
        *,
        lead(opened_at, 1, 'infinity') over (partition by history order by version) as closed_at
    from lasting
),

as_authors as (
    select distinct on (history)
        history,
        acct
    from addresses
    order by history, first_seen_at, account_uri collate "C"
)

select
    histories.history,
    histories.source,
    histories.instance,
    histories.account_id,
    spans.display_name,
    spans.url,
    spans.account_created_at,
    spans.followers_count,
    spans.following_count,
    coalesce(spans.acct, as_authors.acct) as acct,
    coalesce(spans.is_bot, false) as is_bot,
    coalesce(spans.influence_tier, 'Micro') as influence_tier,
    case when spans.version > 1 then spans.opened_at else '-infinity' end as valid_from,
    coalesce(spans.closed_at, 'infinity') as valid_to
from histories
inner join as_authors on histories.history = as_authors.history
left join spans on histories.history = spans.history
