-- Writes the staged posts as observations.
-- Grain: one look at one post. Rows in: staged_posts. Rows out: the address of each that was new; a known one stays.
insert into {{ bronze }}.post_observations (
    raw_event_id, observed_at, source, source_id, instance, post_id, uri, url, event_type, created_at, edited_at,
    account_uri, account_id, account_acct, content_html, content_text, content_hash, input_hash,
    language, detected_language, language_confidence, visibility, is_sensitive, spoiler_text,
    in_reply_to_id, in_reply_to_account_id, is_reply, replies_count, reblogs_count, favourites_count,
    engagement_score, media_count, media_types, content_length, word_count, tags, mentions, media, is_deleted,
    pipeline_run_id
)
select
    staged.raw_event_id,
    staged.observed_at,
    staged.source,
    staged.source_id,
    staged.instance,
    staged.post_id,
    staged.uri,
    staged.url,
    staged.event_type,
    staged.created_at,
    staged.edited_at,
    staged.account_uri,
    staged.account_id,
    staged.account_acct,
    staged.content_html,
    staged.content_text,
    staged.content_hash,
    staged.input_hash,
    staged.language,
    staged.detected_language,
    staged.language_confidence,
    staged.visibility,
    staged.is_sensitive,
    staged.spoiler_text,
    staged.in_reply_to_id,
    staged.in_reply_to_account_id,
    staged.is_reply,
    staged.replies_count,
    staged.reblogs_count,
    staged.favourites_count,
    staged.engagement_score,
    staged.media_count,
    staged.media_types,
    staged.content_length,
    staged.word_count,
    staged.tags,
    staged.mentions,
    staged.media,
    staged.is_deleted,
    %(pipeline_run_id)s
from staged_posts as staged
on conflict on constraint uq_post_observations_event do nothing
returning uri
