-- All names of one account: those that share an address or an id with the one that was named; all of it is read.
-- Grain: one name on one instance, by what it was found: id, handle or address. Rows out: none where nothing was ever
-- seen of it.
with recursive seen as materialized (
    select *
    from {{ bronze }}.account_names
),

same as (
    select
        named.found_by,
        seen.*
    from seen
    cross join
        lateral (
            values
            ('id', seen.instance = %(instance)s and seen.account_id = %(account)s),
            ('handle', seen.instance = %(instance)s and lower(seen.acct) = any(%(accts)s::text[])),
            ('address', seen.account_uri = %(account)s or seen.url = %(account)s)
        ) as named (found_by, is_it)
    where seen.source = %(source)s and named.is_it
    union
    select
        same.found_by,
        seen.*
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
order by source, instance, account_id, account_uri, acct, url, found_by
