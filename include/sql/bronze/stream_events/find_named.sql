-- Those in whose payload a name occurs. The whole table is read. Grain: one row; payload is null where it is no JSON.
select
    id,
    'mastodon' as source,
    coalesce(instance, '') as instance,
    payload
from {{ bronze }}.stream_events
where payload::text ilike any(%(needles)s::text[])
