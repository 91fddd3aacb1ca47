-- Empties the payloads of gone posts, where REDACT_DELETED asks for it: identity, hash and times stay, and so the same
-- payload is known when it comes again. An empty object is an emptied payload: no post is one.
-- What is not processed yet is left to whoever processes it, who asks again which posts are gone.
-- Grain: one payload. Rows in: the gone posts, by where they were read. Rows out: what was said of them.
update {{ bronze }}.raw_events as event
set payload = '{}'
from unnest(%(sources)s::text[], %(instances)s::text[], %(post_ids)s::text[]) as gone (source, instance, post_id)
where
    event.source = gone.source
    and event.instance = gone.instance
    and event.post_id = gone.post_id
    and event.occurred_at between %(first)s and %(last)s
    and event.event_type in ('status', 'submission', 'comment')
    and event.processed
    and event.payload <> '{}'
