-- The posts of this batch as silver is to hold them. Identity and creation come from the first look; what the post
-- says, its counts and its author from the best look at it: its own instance's, then the freshest; whether it is
-- gone from the best of all looks, in which a deletion is one. A post that was never read is none; one that was read
-- as removed already (Reddit shows the place and hides the words) is, so that what answers it has its place.
-- Grain: one post. Rows in: looks, seen. Rows out: one per uri, with the key it has or is to have, an author's beside
-- each other: what is looked up and written by author from here on lies together, and new keys are drawn in that order.
create temp table posts on commit drop as
with choices as (
    select
        uri,
        (array_agg(observation_id order by is_origin desc, observed_at desc, raw_event_id desc))[1] as winner_id,
        (
            array_agg(
                observation_id order by is_deleted asc, is_origin desc, observed_at desc, raw_event_id desc
            )
            filter (where is_read)
        )[1
        ] as content_id,
        (array_agg(
            observation_id order by
                observed_at, source collate "C", instance collate "C", post_id collate "C", raw_event_id
        ) filter (where is_read))[1] as first_id
    from looks
    group by uri
    having bool_or(is_read)
)

select
    choices.uri,
    first.source,
    first.instance,
    first.post_id,
    content.url,
    content.content_text,
    content.content_hash,
    content.input_hash,
    content.visibility,
    content.is_sensitive,
    content.spoiler_text,
    content.is_reply,
    seen.in_reply_to_id,
    content.media_count,
    content.media_types,
    content.content_length,
    content.word_count,
    first.created_at,
    content.replies_count,
    content.reblogs_count,
    content.favourites_count,
    content.observed_at as measured_at,
    content.tags,
    content.mentions,
    content.media,
    content_look.account_uri,
    content_look.is_origin,
    content_look.source as content_source,
    content_look.instance as content_instance,
    winner.pipeline_run_id,
    coalesce(content.language, content.detected_language) as language,
    case when winner.is_deleted then winner.observed_at end as deleted_at,
    winner.is_deleted and %(redact_deleted)s as is_redacted,
    round(
        (
            coalesce(content.replies_count, 0) * %(replies_weight)s
            + coalesce(content.favourites_count, 0) * %(favourites_weight)s
            + coalesce(content.reblogs_count, 0) * %(reblogs_weight)s
        )::numeric
    )::bigint as engagement_score,
    coalesce(
        known.content_key, nextval(pg_get_serial_sequence('{{ silver }}.dim_content', 'content_key'))
    ) as content_key
from choices
inner join looks as first on choices.first_id = first.observation_id
inner join looks as content_look on choices.content_id = content_look.observation_id
inner join {{ bronze }}.post_observations as content on choices.content_id = content.observation_id
inner join {{ bronze }}.post_observations as winner on choices.winner_id = winner.observation_id
inner join seen
    on
        choices.uri = seen.uri
        and first.source = seen.source
        and first.instance = seen.instance
        and first.post_id = seen.post_id
left join {{ silver }}.dim_content as known on choices.uri = known.uri
order by content_look.account_uri
