-- Empties what gone posts said, where REDACT_DELETED asks for it. A later look that finds one again fills it again.
-- Grain: one post of one instance. Rows in: the gone posts, by where they were read. Rows out: the same.
update {{ toots }} as shown
set
    content = '',
    content_text = '',
    content_hash = sha256(''),
    content_length = 0,
    word_count = 0,
    spoiler_text = '',
    media_attachments = null,
    card = null,
    poll = null,
    quote = null,
    sentiment_label = null,
    sentiment_confidence = null,
    sentiment_scores = null
from unnest(%(sources)s::text[], %(instances)s::text[], %(post_ids)s::text[]) as gone (source, instance, post_id)
where
    shown.source = gone.source
    and shown.instance = gone.instance
    and shown.id = gone.post_id
