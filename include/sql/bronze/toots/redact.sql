-- Empties what a deleted post said, where REDACT_DELETED asks for it. A later look that finds it again fills it again.
-- Grain: one post of one instance. Rows in: staged_posts, already written as observations. Rows out: the posts among
-- them whose latest observation found them gone.
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
from staged_posts as staged
where
    shown.source = staged.source
    and shown.instance = staged.instance
    and shown.id = staged.post_id
    and (
        select latest.is_deleted from {{ bronze }}.post_observations as latest
        where
            latest.source = staged.source
            and latest.instance = staged.instance
            and latest.post_id = staged.post_id
        order by latest.observed_at desc, latest.raw_event_id desc
        limit 1
    )
