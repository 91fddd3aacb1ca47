-- The whole history of the accounts that were touched, from everything ever observed of them, so that late and
-- repeated arrivals give what arrival in order gives. Where the account's own server is read, it alone is believed:
-- others show another handle and other counts. An account known only as an author has one version, with its handle.
-- Grain: one version. Rows in: histories. Rows out: their versions, half-open, the first one from -infinity.
create temp table account_versions on commit drop as
with observed as (
    select
        histories.source,
        histories.instance,
        histories.account_id,
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
    from histories
    inner join {{ silver }}.account_identities as known
        on
            histories.source = known.source
            and histories.instance = known.instance
            and histories.account_id = known.account_id
    inner join {{ bronze }}.account_observations as look on known.account_uri = look.account_uri
),

believed as (
    select
        *,
        bool_or(is_origin) over (partition by source, instance, account_id) as is_origin_read
    from observed
),

moments as (
    select distinct on (source, instance, account_id, observed_at) *
    from believed
    where is_origin or not is_origin_read
    order by source asc, instance asc, account_id asc, observed_at asc, raw_event_id desc
),

followed as (
    select
        *,
        lag(acct) over history as last_acct,
        lag(display_name) over history as last_display_name,
        lag(url) over history as last_url,
        lag(is_bot) over history as last_is_bot,
        lag(influence_tier) over history as last_influence_tier
    from moments
    window history as (partition by source, instance, account_id order by observed_at)
),

openings as (
    select
        source,
        instance,
        account_id,
        observed_at as opened_at,
        lag(observed_at) over history as previous,
        lead(observed_at, 1, 'infinity') over history as closed_at
    from followed
    where
        (acct, display_name, url, is_bot, influence_tier) is distinct from
        (last_acct, last_display_name, last_url, last_is_bot, last_influence_tier)
    window history as (partition by source, instance, account_id order by observed_at)
),

lasting as (
    select distinct on (openings.source, openings.instance, openings.account_id, openings.opened_at)
        openings.opened_at,
        openings.previous,
        openings.closed_at,
        moments.*
    from openings
    inner join moments
        on
            openings.source = moments.source
            and openings.instance = moments.instance
            and openings.account_id = moments.account_id
            and openings.opened_at <= moments.observed_at
            and openings.closed_at > moments.observed_at
    order by
        openings.source asc, openings.instance asc, openings.account_id asc, openings.opened_at asc,
        moments.observed_at desc
),

as_authors as (
    select distinct on (histories.source, histories.instance, histories.account_id)
        histories.source,
        histories.instance,
        histories.account_id,
        known.acct
    from histories
    inner join {{ silver }}.account_identities as known
        on
            histories.source = known.source
            and histories.instance = known.instance
            and histories.account_id = known.account_id
    where
        not exists (
            select from lasting
            where
                lasting.source = histories.source
                and lasting.instance = histories.instance
                and lasting.account_id = histories.account_id
        )
    order by
        histories.source, histories.instance, histories.account_id,
        known.first_seen_at, known.account_uri collate "C"
)

select
    source,
    instance,
    account_id,
    acct,
    display_name,
    url,
    is_bot,
    account_created_at,
    followers_count,
    following_count,
    influence_tier,
    case when previous is null then '-infinity' else opened_at end as valid_from,
    closed_at as valid_to
from lasting
union all
select
    source,
    instance,
    account_id,
    acct,
    null as display_name,
    null as url,
    false as is_bot,
    null as account_created_at,
    null as followers_count,
    null as following_count,
    'Micro' as influence_tier,
    '-infinity' as valid_from,
    'infinity' as valid_to
from as_authors
