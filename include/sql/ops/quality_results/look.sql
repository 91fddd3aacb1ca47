-- What the soft rules look at: every observation that a run wrote, beside what is shown of the post now.
-- Grain: one look at one post. Rows in: the run's observations of posts that were there. Rows out: the same.
-- is_duplicate: the same text stands in another post, of whatever account or source.
select
    seen.created_at,
    seen.edited_at,
    seen.is_reply,
    seen.in_reply_to_id,
    seen.url,
    seen.visibility,
    coalesce(seen.language, seen.detected_language) as language,
    seen.account_acct,
    seen.replies_count,
    seen.reblogs_count,
    seen.favourites_count,
    seen.media_count,
    jsonb_array_length(seen.media) as media_listed,
    seen.language_confidence,
    shown.sentiment_confidence,
    seen.input_hash is not null
    and exists (
        select from {{ bronze }}.post_observations as other
        where other.content_hash = seen.content_hash and other.uri <> seen.uri
    ) as is_duplicate
from {{ bronze }}.post_observations as seen
left join {{ toots }} as shown
    on
        seen.source = shown.source
        and seen.instance = shown.instance
        and seen.post_id = shown.id
        and seen.observed_at = shown.ingestion_timestamp
where
    seen.pipeline_run_id = %(pipeline_run_id)s
    and not seen.is_deleted
