-- The addresses whose account is not known yet, or was seen earlier elsewhere than was known.
-- Grain: one account_uri. Rows in: authors of looks, observations of touched_accounts. Rows out: what is to change.
create temp table identity_changes on commit drop as
with sightings as (
    select
        looks.account_uri,
        looks.source,
        looks.instance,
        looks.account_id,
        looks.acct,
        looks.observed_at
    from looks
    where looks.is_read
    union all
    select
        observed.account_uri,
        observed.source,
        observed.instance,
        observed.account_id,
        observed.acct,
        observed.observed_at
    from touched_accounts
    inner join {{ bronze }}.account_observations as observed
        on touched_accounts.account_uri = observed.account_uri
),

firsts as (
    select distinct on (account_uri) *
    from sightings
    order by
        account_uri, observed_at, source collate "C", instance collate "C", account_id collate "C", acct collate "C"
)

select
    firsts.account_uri,
    firsts.source,
    firsts.instance,
    firsts.account_id,
    firsts.acct,
    firsts.observed_at as first_seen_at,
    known.source as old_source,
    known.instance as old_instance,
    known.account_id as old_account_id
from firsts
left join {{ silver }}.account_identities as known on firsts.account_uri = known.account_uri
where
    known.account_uri is null
    or (
        firsts.observed_at,
        firsts.source collate "C",
        firsts.instance collate "C",
        firsts.account_id collate "C",
        firsts.acct collate "C"
    ) < (
        known.first_seen_at,
        known.source collate "C",
        known.instance collate "C",
        known.account_id collate "C",
        known.acct collate "C"
    )
