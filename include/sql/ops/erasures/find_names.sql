-- All names of one account: those that share an address or an id with the one that was named; all of it is read.
-- Grain: one name on one instance. Rows out: none where nothing was ever seen of it.
with recursive seen as materialized (
    select *
    from {{ bronze }}.account_names
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
