-- What each post says now.
-- Grain: one post. Rows in: posts. Rows out: one each; one that did not change is not written.
merge into {{ silver }}.dim_content as content
using (
    select
        content_key,
        source,
        instance,
        post_id,
        uri,
        url,
        language,
        visibility,
        is_sensitive,
        is_reply,
        in_reply_to_id,
        media_count,
        media_types,
        content_length,
        word_count,
        created_at,
        case when is_redacted then '' else content_text end as content_text,
        case when not is_redacted then content_hash end as content_hash,
        case when not is_redacted then spoiler_text end as spoiler_text
    from posts
) as post on content.content_key = post.content_key
when matched and (
    content.source, content.instance, content.post_id, content.url, content.content_text, content.content_hash,
    content.language, content.visibility, content.is_sensitive, content.spoiler_text, content.is_reply,
    content.in_reply_to_id, content.media_count, content.media_types, content.content_length,
    content.word_count, content.created_at
) is distinct from (
    post.source, post.instance, post.post_id, post.url, post.content_text, post.content_hash,
    post.language, post.visibility, post.is_sensitive, post.spoiler_text, post.is_reply,
    post.in_reply_to_id, post.media_count, post.media_types, post.content_length,
    post.word_count, post.created_at
) then
    update
        set
            source = post.source,
            instance = post.instance,
            post_id = post.post_id,
            url = post.url,
            content_text = post.content_text,
            content_hash = post.content_hash,
            language = post.language,
            visibility = post.visibility,
            is_sensitive = post.is_sensitive,
            spoiler_text = post.spoiler_text,
            is_reply = post.is_reply,
            in_reply_to_id = post.in_reply_to_id,
            media_count = post.media_count,
            media_types = post.media_types,
            content_length = post.content_length,
            word_count = post.word_count,
            created_at = post.created_at
when not matched then insert (
    content_key, source, instance, post_id, uri, url, content_text, content_hash, language, visibility,
    is_sensitive, spoiler_text, is_reply, in_reply_to_id, media_count, media_types, content_length,
    word_count, created_at
) values (
    post.content_key, post.source, post.instance, post.post_id, post.uri, post.url, post.content_text,
    post.content_hash, post.language, post.visibility, post.is_sensitive, post.spoiler_text, post.is_reply,
    post.in_reply_to_id, post.media_count, post.media_types, post.content_length, post.word_count,
    post.created_at
)
