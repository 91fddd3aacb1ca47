-- Says of claimed raw events that they were taken in, in the transaction that wrote what became of them.
-- Grain: one raw event. Rows in: their keys. Rows out: the same, processed.
update {{ bronze }}.raw_events as event
set
    processed = true,
    processed_at = now()
from unnest(%(ids)s::uuid[], %(occurred_ats)s::timestamptz[]) as claimed (id, occurred_at)
where
    event.id = claimed.id
    and event.occurred_at = claimed.occurred_at
    and event.occurred_at between %(first)s and %(last)s
