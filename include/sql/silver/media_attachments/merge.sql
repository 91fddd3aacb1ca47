-- What is attached to each post now; of a redacted post only that something was.
-- Grain: one attachment. Rows in: posts. Rows out: one each.
with wanted as (
    select
        posts.content_key,
        entry.position::smallint as position,
        coalesce(entry.media ->> 'type', 'unknown') as type,
        case when not posts.is_redacted then entry.media ->> 'url' end as url,
        case when not posts.is_redacted then entry.media ->> 'preview_url' end as preview_url,
        case when not posts.is_redacted then entry.media ->> 'description' end as description,
        nullif(entry.media -> 'meta', 'null') as meta
    from posts
    cross join lateral jsonb_array_elements(posts.media) with ordinality as entry (media, position)
),

gone as (
    delete from {{ silver }}.media_attachments as known
    using posts
    where
        known.content_key = posts.content_key
        and not exists (
            select from wanted
            where wanted.content_key = known.content_key and wanted.position = known.position
        )
)

insert into {{ silver }}.media_attachments as known (
    content_key, position, type, url, preview_url, description, meta
)
select
    content_key,
    position,
    type,
    url,
    preview_url,
    description,
    meta
from wanted
on conflict (content_key, position) do update set
    type = excluded.type,
    url = excluded.url,
    preview_url = excluded.preview_url,
    description = excluded.description,
    meta = excluded.meta
where
(known.type, known.url, known.preview_url, known.description, known.meta)
is distinct from (excluded.type, excluded.url, excluded.preview_url, excluded.description, excluded.meta)
