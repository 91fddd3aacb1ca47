-- Others' posts in which a name occurs. Every observation is read. Grain: one observation.
select
    observation_id,
    source,
    instance,
    post_id,
    uri,
    input_hash,
    jsonb_build_object(
        'content_html', content_html,
        'content_text', content_text,
        'spoiler_text', spoiler_text,
        'mentions', mentions,
        'media', media,
        'in_reply_to_account_id', in_reply_to_account_id
    ) as said
from {{ bronze }}.post_observations
where
    (content_html || ' ' || coalesce(spoiler_text, '') || ' ' || mentions::text || ' ' || media::text)
    ilike any(%(needles)s::text[])
    or content_text ilike any(%(needles)s::text[])
    or in_reply_to_account_id = any(%(account_ids)s::text[])
