-- All names of one account: those that share an address or an id with the one that was named; all of it is read.
-- Grain: one name on one instance. Rows out: none where nothing was ever seen of it.
with recursive seen as materialized (
    select
        source,
        instance,
        account_id,
        account_uri,
        acct,
        url
    from {{ bronze }}.account_observations
    union
    select
        source,
        instance,
        account_id,
        account_uri,
        account_acct as acct,
        null as url
    from {{ bronze }}.post_observations
    where account_uri is not null and account_id is not null and account_acct is not null
    union
    select
        observed.source,
        observed.instance,
        '@' || mention.acct as account_id,
        coalesce(mention.uri, observed.source || '://' || observed.instance || '/@' || mention.acct) as account_uri,
        mention.acct,
        null as url
    from {{ bronze }}.post_observations as observed
    cross join lateral jsonb_to_recordset(observed.mentions) as mention (acct text, uri text)
    where mention.acct is not null
),

same as (
    select seen.*
    from seen
    where
        seen.source = %(source)s
        and (
            (
                seen.instance = %(instance)s
                and (seen.account_id = %(account)s or lower(seen.acct) = any(%(accts)s::text[]))
            )
            or seen.account_uri = %(account)s
            or seen.url = %(account)s
        )
    union
    select seen.*
    from same
    inner join seen
        on
            same.source = seen.source
            and (
                same.account_uri = seen.account_uri
                or (same.instance = seen.instance and same.account_id = seen.account_id)
            )
)

select *
from same
order by source, instance, account_id, account_uri, acct, url
