-- The counts of each post over time, as one instance tells them: its own where that was read, else the one whose
-- counts the fact has; several instances side by side would look like engagement lost and won.
-- Grain: one post at one moment. Rows in: looks, posts. Rows out: one each.
with wanted as (
    select distinct on (posts.content_key, looks.observed_at)
        posts.content_key,
        looks.observed_at as captured_at,
        looks.replies_count,
        looks.reblogs_count,
        looks.favourites_count,
        round(
            (
                coalesce(looks.replies_count, 0) * %(replies_weight)s
                + coalesce(looks.favourites_count, 0) * %(favourites_weight)s
                + coalesce(looks.reblogs_count, 0) * %(reblogs_weight)s
            )::numeric
        )::bigint as engagement_score
    from looks
    inner join posts
        on
            looks.uri = posts.uri
            and (
                case
                    when posts.is_origin then looks.is_origin
                    else looks.source = posts.content_source and looks.instance = posts.content_instance
                end
            )
    where not looks.is_deleted
    order by posts.content_key asc, looks.observed_at asc, looks.raw_event_id desc
),

followed as (
    select
        wanted.*,
        wanted.engagement_score - lag(wanted.engagement_score, 1, 0::bigint) over (
            partition by wanted.content_key order by wanted.captured_at
        ) as gained
    from wanted
),

risen as (
    select
        followed.*,
        sum(greatest(followed.gained, 0)) over (
            partition by followed.content_key order by followed.captured_at
        )::bigint as risen
    from followed
),

gone as (
    delete from {{ silver }}.post_metric_snapshots as known
    using posts
    where
        known.content_key = posts.content_key
        and not exists (
            select from wanted
            where wanted.content_key = known.content_key and wanted.captured_at = known.captured_at
        )
)

insert into {{ silver }}.post_metric_snapshots as known (
    content_key, captured_at, replies_count, reblogs_count, favourites_count, engagement_score, gained, risen
)
select
    content_key,
    captured_at,
    replies_count,
    reblogs_count,
    favourites_count,
    engagement_score,
    gained,
    risen
from risen
on conflict (content_key, captured_at) do update set
    replies_count = excluded.replies_count,
    reblogs_count = excluded.reblogs_count,
    favourites_count = excluded.favourites_count,
    engagement_score = excluded.engagement_score,
    gained = excluded.gained,
    risen = excluded.risen
where
(
    known.replies_count,
    known.reblogs_count,
    known.favourites_count,
    known.engagement_score,
    known.gained,
    known.risen
)
is distinct from (
    excluded.replies_count,
    excluded.reblogs_count,
    excluded.favourites_count,
    excluded.engagement_score,
    excluded.gained,
    excluded.risen
)
