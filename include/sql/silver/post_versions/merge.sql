-- Every wording of each post in the order in which it was written, the first one included. An edit is known by the
-- second in which the source says it was made (instances differ in the fraction), as the post's own instance tells it
-- where it was read; a text that changed without one is an edit too, dated when it was seen.
-- Grain: one wording. Rows in: looks, posts. Rows out: one each, numbered from 1.
with told as (
    select
        posts.content_key,
        posts.created_at,
        posts.is_redacted,
        looks.observation_id,
        looks.observed_at,
        looks.raw_event_id,
        looks.edited_at,
        looks.content_hash,
        date_trunc('second', looks.edited_at) as edit,
        dense_rank() over (
            partition by posts.content_key, date_trunc('second', looks.edited_at)
            order by looks.is_origin desc, looks.source collate "C", looks.instance collate "C"
        ) as teller
    from looks
    inner join posts on looks.uri = posts.uri
    where not looks.is_deleted
),

steps as (
    select
        *,
        row_number() over same_edit as look,
        lag(content_hash) over same_edit as last_content_hash
    from told
    where teller = 1
    window same_edit as (partition by content_key, edit order by observed_at, raw_event_id)
),

wanted as (
    select
        steps.content_key,
        steps.edited_at,
        observed.input_hash,
        row_number() over (
            partition by steps.content_key order by steps.edit nulls first, steps.observed_at, steps.raw_event_id
        )::integer as version_seq,
        case when steps.look = 1 then coalesce(steps.edited_at, steps.created_at) else steps.observed_at end
            as valid_from,
        case when not steps.is_redacted then observed.content_html end as content_html,
        case when not steps.is_redacted then observed.content_text end as content_text
    from steps
    inner join {{ bronze }}.post_observations as observed on steps.observation_id = observed.observation_id
    where steps.look = 1 or steps.content_hash is distinct from steps.last_content_hash
),

gone as (
    delete from {{ silver }}.post_versions as known
    using posts
    where
        known.content_key = posts.content_key
        and not exists (
            select from wanted
            where wanted.content_key = known.content_key and wanted.version_seq = known.version_seq
        )
)

insert into {{ silver }}.post_versions as known (
    content_key, version_seq, valid_from, content_html, content_text, input_hash, edited_at
)
select
    content_key,
    version_seq,
    valid_from,
    content_html,
    content_text,
    input_hash,
    edited_at
from wanted
on conflict (content_key, version_seq) do update set
    valid_from = excluded.valid_from,
    content_html = excluded.content_html,
    content_text = excluded.content_text,
    input_hash = excluded.input_hash,
    edited_at = excluded.edited_at
where
(known.valid_from, known.content_html, known.content_text, known.input_hash, known.edited_at)
is distinct from (
    excluded.valid_from, excluded.content_html, excluded.content_text, excluded.input_hash, excluded.edited_at
)
