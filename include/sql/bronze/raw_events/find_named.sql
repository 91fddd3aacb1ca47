-- Raw events in whose payload a name occurs, and those that nobody has read yet. The whole relation is read.
-- Grain: one raw event.
select
    id,
    occurred_at,
    source,
    source_id,
    instance,
    event_type,
    post_id,
    observed_at,
    payload::text as payload
from {{ relation }}
where not processed or payload::text ilike any(%(needles)s::text[])
