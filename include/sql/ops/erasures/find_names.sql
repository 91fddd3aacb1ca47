-- The names that a word leads to. Grain: one name on one instance, by what it was found: id, handle or address.
-- Rows in: seen_names.
select
    named.found_by,
    seen.source,
    seen.instance,
    seen.account_id,
    seen.account_uri,
    seen.acct,
    seen.url
from seen_names as seen
cross join
    lateral (
        values
        ('id', seen.instance = %(instance)s and seen.account_id = %(account)s),
        ('handle', seen.instance = %(instance)s and lower(seen.acct) = any(%(accts)s::text[])),
        ('address', seen.account_uri = %(account)s or seen.url = %(account)s)
    ) as named (found_by, is_it)
where named.is_it
