-- Takes known looks at posts that are gone out of the staged ones where REDACT_DELETED emptied what they said: a replay
-- must not say it again. Grain: one look at one post. Rows in: staged_posts. Rows out: these go.
delete from staged_posts as staged
using {{ bronze }}.post_observations as known
where
    known.raw_event_id = staged.raw_event_id
    and known.observed_at = staged.observed_at
    and (
        select latest.is_deleted from {{ bronze }}.post_observations as latest
        where
            latest.source = staged.source
            and latest.instance = staged.instance
            and latest.post_id = staged.post_id
        order by latest.observed_at desc, latest.raw_event_id desc
        limit 1
    )
