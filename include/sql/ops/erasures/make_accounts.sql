-- The account that is forgotten, by its addresses and ids. Grain: one name. Rows out: as many as were found.
create temp table forgotten_accounts on commit drop as
select *
from unnest(
    %(sources)s::text[], %(instances)s::text[], %(account_ids)s::text[], %(account_uris)s::text[]
) as names (source, instance, account_id, account_uri)
