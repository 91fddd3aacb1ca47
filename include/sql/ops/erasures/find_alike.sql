-- The names that share an address, an id or a whole handle with one of these. A url counts where another server gives
-- it as the canonical address, for some give no other; two who only show the same page may be two.
-- Grain: one name on one instance. Rows in: seen_names.
select
    source,
    instance,
    account_id,
    account_uri,
    acct,
    url
from seen_names
where
    account_uri = any(%(addresses)s::text[])
    or account_uri = any(%(urls)s::text[])
    or url = any(%(addresses)s::text[])
    or instance || ' ' || account_id = any(%(ids)s::text[])
    or handle = any(%(handles)s::text[])
