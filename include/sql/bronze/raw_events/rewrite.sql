-- Gives a raw event another payload, and with it the identity that goes with it; where that is there already, the
-- older one goes. Grain: one raw event.
with known as (
    select from {{ relation }}
    where id = %(new_id)s and occurred_at = %(occurred_at)s and id <> %(id)s
),

gone as (
    delete from {{ relation }}
    where id = %(id)s and occurred_at = %(occurred_at)s and exists (select from known)
)

update {{ relation }}
set
    id = %(new_id)s,
    payload = %(payload)s::jsonb,
    payload_hash = %(payload_hash)s
where id = %(id)s and occurred_at = %(occurred_at)s and not exists (select from known)
