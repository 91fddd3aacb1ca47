-- Shows of each staged post the latest observation, whatever the order in which observations arrive.
-- Grain: one post of one instance. Rows in: staged_posts, already written as observations. Rows out: each post that
-- changed (the same row again is not written), and whether its text did. A text that changed has no mood yet; one that
-- did not keeps its mood.
with latest as (
    select
        staged.*,
        event.payload
    from staged_posts as staged
    inner join {{ bronze }}.raw_events as event
        on staged.raw_event_id = event.id and staged.occurred_at = event.occurred_at
    where
        not staged.is_deleted
        and not exists (
            select from {{ bronze }}.post_observations as later
            where
                later.source = staged.source
                and later.instance = staged.instance
                and later.post_id = staged.post_id
                and not later.is_deleted
                and (later.observed_at, later.raw_event_id) > (staged.observed_at, staged.raw_event_id)
        )
)

insert into {{ toots }} as shown (
    id, created_at, in_reply_to_id, in_reply_to_account_id, sensitive, spoiler_text, visibility, language, uri, url,
    replies_count, reblogs_count, favourites_count, edited_at, content, reblog, application, account,
    media_attachments, mentions, tags, emojis, card, poll, quote,
    source, instance, content_text, content_hash, content_length, word_count, detected_language,
    account_id, account_acct, account_display_name, account_followers_count, account_following_count,
    account_statuses_count, account_created_at, account_bot,
    tag_names, mention_accts, media_types, media_count, engagement_score, is_reply,
    ingestion_timestamp, pipeline_run_id, data_version
)
select
    latest.post_id,
    latest.created_at,
    latest.in_reply_to_id,
    latest.in_reply_to_account_id,
    latest.is_sensitive,
    latest.spoiler_text,
    latest.visibility,
    latest.language,
    latest.uri,
    latest.url,
    latest.replies_count,
    latest.reblogs_count,
    latest.favourites_count,
    latest.edited_at,
    latest.content_html,
    nullif(latest.payload -> 'reblog', 'null') as reblog,
    nullif(latest.payload -> 'application', 'null') as application,
    nullif(latest.payload -> 'account', 'null') as account,
    coalesce(nullif(latest.payload -> 'media_attachments', 'null'), nullif(latest.media, '[]')) as media_attachments,
    nullif(latest.payload -> 'mentions', 'null') as mentions,
    nullif(latest.payload -> 'tags', 'null') as tags,
    nullif(latest.payload -> 'emojis', 'null') as emojis,
    nullif(latest.payload -> 'card', 'null') as card,
    -- Reddit's name for it comes second.
    nullif(coalesce(latest.payload -> 'poll', latest.payload -> 'poll_data'), 'null') as poll,
    nullif(latest.payload -> 'quote', 'null') as quote,
    latest.source,
    latest.instance,
    latest.content_text,
    latest.content_hash,
    latest.content_length,
    latest.word_count,
    coalesce(latest.language, latest.detected_language) as detected_language,
    latest.account_id,
    latest.account_acct,
    latest.account_display_name,
    latest.account_followers_count,
    latest.account_following_count,
    latest.account_statuses_count,
    latest.account_created_at,
    latest.account_bot,
    latest.tag_names,
    latest.mention_accts,
    latest.media_types,
    latest.media_count,
    latest.engagement_score,
    latest.is_reply,
    latest.observed_at,
    %(pipeline_run_id)s,
    %(data_version)s
from latest
order by latest.source, latest.instance, latest.post_id
on conflict (source, instance, id) do update
    set
        created_at = excluded.created_at,
        in_reply_to_id = excluded.in_reply_to_id,
        in_reply_to_account_id = excluded.in_reply_to_account_id,
        sensitive = excluded.sensitive,
        spoiler_text = excluded.spoiler_text,
        visibility = excluded.visibility,
        language = excluded.language,
        uri = excluded.uri,
        url = excluded.url,
        replies_count = excluded.replies_count,
        reblogs_count = excluded.reblogs_count,
        favourites_count = excluded.favourites_count,
        edited_at = excluded.edited_at,
        content = excluded.content,
        reblog = excluded.reblog,
        application = excluded.application,
        account = excluded.account,
        media_attachments = excluded.media_attachments,
        mentions = excluded.mentions,
        tags = excluded.tags,
        emojis = excluded.emojis,
        card = excluded.card,
        poll = excluded.poll,
        quote = excluded.quote,
        content_text = excluded.content_text,
        content_hash = excluded.content_hash,
        content_length = excluded.content_length,
        word_count = excluded.word_count,
        detected_language = excluded.detected_language,
        account_id = excluded.account_id,
        account_acct = excluded.account_acct,
        account_display_name = excluded.account_display_name,
        account_followers_count = excluded.account_followers_count,
        account_following_count = excluded.account_following_count,
        account_statuses_count = excluded.account_statuses_count,
        account_created_at = excluded.account_created_at,
        account_bot = excluded.account_bot,
        tag_names = excluded.tag_names,
        mention_accts = excluded.mention_accts,
        media_types = excluded.media_types,
        media_count = excluded.media_count,
        engagement_score = excluded.engagement_score,
        is_reply = excluded.is_reply,
        sentiment_label = case when shown.content_hash = excluded.content_hash then shown.sentiment_label end,
        sentiment_confidence = case when shown.content_hash = excluded.content_hash then shown.sentiment_confidence end,
        sentiment_scores = case when shown.content_hash = excluded.content_hash then shown.sentiment_scores end,
        ingestion_timestamp = excluded.ingestion_timestamp,
        pipeline_run_id = excluded.pipeline_run_id,
        data_version = excluded.data_version
    where
    excluded.ingestion_timestamp >= shown.ingestion_timestamp
    and (
        shown.created_at, shown.in_reply_to_id, shown.in_reply_to_account_id, shown.sensitive,
        shown.spoiler_text, shown.visibility, shown.language, shown.uri, shown.url, shown.replies_count,
        shown.reblogs_count, shown.favourites_count, shown.edited_at, shown.content, shown.reblog,
        shown.application, shown.account, shown.media_attachments, shown.mentions, shown.tags, shown.emojis,
        shown.card, shown.poll, shown.quote, shown.content_text, shown.content_hash, shown.content_length,
        shown.word_count, shown.detected_language, shown.account_id, shown.account_acct,
        shown.account_display_name, shown.account_followers_count, shown.account_following_count,
        shown.account_statuses_count, shown.account_created_at, shown.account_bot, shown.tag_names,
        shown.mention_accts, shown.media_types, shown.media_count, shown.engagement_score, shown.is_reply,
        shown.ingestion_timestamp, shown.data_version
    ) is distinct from (
        excluded.created_at, excluded.in_reply_to_id, excluded.in_reply_to_account_id, excluded.sensitive,
        excluded.spoiler_text, excluded.visibility, excluded.language, excluded.uri, excluded.url,
        excluded.replies_count, excluded.reblogs_count, excluded.favourites_count, excluded.edited_at,
        excluded.content, excluded.reblog, excluded.application, excluded.account, excluded.media_attachments,
        excluded.mentions, excluded.tags, excluded.emojis, excluded.card, excluded.poll, excluded.quote,
        excluded.content_text, excluded.content_hash, excluded.content_length, excluded.word_count,
        excluded.detected_language, excluded.account_id, excluded.account_acct, excluded.account_display_name,
        excluded.account_followers_count, excluded.account_following_count, excluded.account_statuses_count,
        excluded.account_created_at, excluded.account_bot, excluded.tag_names, excluded.mention_accts,
        excluded.media_types, excluded.media_count, excluded.engagement_score, excluded.is_reply,
        excluded.ingestion_timestamp, excluded.data_version
    )
returning
    new.source,
    new.instance,
    new.id,
    new.content_text ~ '\S' as says_something,
    new.visibility,
    old.content_hash is distinct from new.content_hash as text_is_new,
    old.visibility as visibility_before
