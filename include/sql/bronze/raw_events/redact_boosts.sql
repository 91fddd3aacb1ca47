-- Empties what boosts carry of gone posts, where REDACT_DELETED asks for it: a boost holds the boosted post whole.
-- Grain: one boost. Rows in: the gone posts, by where they were read. Rows out: what boosted them.
update {{ bronze }}.raw_events as event
set payload = jsonb_set(event.payload, '{reblog}', jsonb_build_object('id', gone.post_id))
from unnest(%(sources)s::text[], %(instances)s::text[], %(post_ids)s::text[]) as gone (source, instance, post_id)
where
    event.event_type = 'reblog'
    and event.source = gone.source
    and event.instance = gone.instance
    and event.payload #>> '{reblog,id}' = gone.post_id
    and event.occurred_at >= %(first)s
    and event.processed
