-- Empties what a deleted post said in every look at it, where REDACT_DELETED asks for it; hashes and counts stay.
-- Grain: one look at one post. Rows in: staged_posts, already written. Rows out: all looks at those of their posts
-- whose latest look found them gone.
update {{ bronze }}.post_observations as observed
set
    content_html = '',
    content_text = '',
    spoiler_text = '',
    media = '[]'
from staged_posts as staged
where
    observed.source = staged.source
    and observed.instance = staged.instance
    and observed.post_id = staged.post_id
    and not observed.is_deleted
    and (
        select latest.is_deleted from {{ bronze }}.post_observations as latest
        where
            latest.source = staged.source
            and latest.instance = staged.instance
            and latest.post_id = staged.post_id
        order by latest.observed_at desc, latest.raw_event_id desc
        limit 1
    )
