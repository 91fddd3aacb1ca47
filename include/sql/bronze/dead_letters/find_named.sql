-- Those in whose payload a name occurs. The whole table is read. Grain: one row; payload is null where it is no JSON.
select
    id,
    coalesce(source, '') as source,
    coalesce(instance, '') as instance,
    payload
from {{ bronze }}.dead_letters
where payload::text ilike any(%(needles)s::text[]) or encode(payload_raw, 'escape') ilike any(%(needles)s::text[])
