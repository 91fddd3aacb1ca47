-- The tags each post has now; an edit moves them.
-- Grain: one tag of one post. Rows in: posts. Rows out: one each.
with wanted as (
    select distinct
        posts.content_key,
        known.hashtag_id,
        posts.created_at
    from posts
    cross join lateral jsonb_to_recordset(posts.tags) as tag (name text)
    inner join {{ silver }}.hashtags as known on tag.name = known.name
),

gone as (
    delete from {{ silver }}.post_hashtags as known
    using posts
    where
        known.content_key = posts.content_key
        and not exists (
            select from wanted
            where wanted.content_key = known.content_key and wanted.hashtag_id = known.hashtag_id
        )
)

insert into {{ silver }}.post_hashtags as known (
    content_key, hashtag_id, created_at
)
select
    content_key,
    hashtag_id,
    created_at
from wanted
on conflict (content_key, hashtag_id) do update set
    created_at = excluded.created_at
where
known.created_at
is distinct from excluded.created_at
