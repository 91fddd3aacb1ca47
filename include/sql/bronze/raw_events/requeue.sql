-- Marks raw events pending again. Grain: one raw event. Rows in: their keys. Rows out: the ids of those still kept.
update {{ bronze }}.raw_events as event
set processed = false
from unnest(%(ids)s::uuid[], %(occurred_ats)s::timestamptz[]) as wanted (id, occurred_at)
where
    event.id = wanted.id
    and event.occurred_at = wanted.occurred_at
    and event.occurred_at between %(first)s and %(last)s
returning event.id
