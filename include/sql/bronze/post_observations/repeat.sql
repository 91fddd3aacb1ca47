-- Looks at posts whose payload was emptied since: where such a payload is claimed again because another one was seen
-- in between, its last sighting is one more look, and says what is left of the first.
-- Grain: one look. Rows in: claimed raw events whose payload is empty. Rows out: the address of each one's post.
with emptied as (
    select *
    from unnest(%(ids)s::uuid[], %(seen_again_ats)s::timestamptz[]) as claimed (id, seen_again_at)
),

first_looks as (
    select distinct on (looks.raw_event_id)
        emptied.seen_again_at,
        looks.*
    from emptied
    inner join {{ bronze }}.post_observations as looks on emptied.id = looks.raw_event_id
    order by looks.raw_event_id, looks.observed_at
),

repeated as (
    insert into {{ bronze }}.post_observations (
        raw_event_id, observed_at, source, source_id, instance, post_id, uri, url, event_type, created_at, edited_at,
        account_uri, account_id, account_acct, content_html, content_text, content_hash, input_hash,
        language, detected_language, language_confidence, visibility, is_sensitive, spoiler_text,
        in_reply_to_id, in_reply_to_account_id, is_reply, replies_count, reblogs_count, favourites_count,
        engagement_score, media_count, media_types, content_length, word_count, tags, mentions, media, is_deleted,
        pipeline_run_id
    )
    select
        raw_event_id,
        seen_again_at,
        source,
        source_id,
        instance,
        post_id,
        uri,
        url,
        event_type,
        created_at,
        edited_at,
        account_uri,
        account_id,
        account_acct,
        content_html,
        content_text,
        content_hash,
        input_hash,
        language,
        detected_language,
        language_confidence,
        visibility,
        is_sensitive,
        spoiler_text,
        in_reply_to_id,
        in_reply_to_account_id,
        is_reply,
        replies_count,
        reblogs_count,
        favourites_count,
        engagement_score,
        media_count,
        media_types,
        content_length,
        word_count,
        tags,
        mentions,
        media,
        is_deleted,
        %(pipeline_run_id)s
    from first_looks
    where seen_again_at is not null
    on conflict on constraint uq_post_observations_event do nothing
)

select
    raw_event_id,
    uri
from first_looks
