-- The posts that gained most between two moments, by the looks at their counts.
-- Grain: one post. Rows in: the looks after %(since)s up to %(until)s, and the last one before for each of their posts;
-- a post without one gained all it has. Of the posts looked at, only the %(candidates)s with most engagement are
-- compared: nobody gains more than they have. Rows out: at most %(most)s.

with

looked as (
    select
        content_key,
        max(captured_at) as captured_at
    from {{ silver }}.post_metric_snapshots
    where captured_at > %(since)s and captured_at <= %(until)s
    group by content_key
    order by max(engagement_score) desc
    limit %(candidates)s
),

gained as (
    select
        looked.content_key,
        last.captured_at,
        last.engagement_score - coalesce(before.engagement_score, 0) as engagement,
        coalesce(last.replies_count, 0) - coalesce(before.replies_count, 0) as replies,
        coalesce(last.reblogs_count, 0) - coalesce(before.reblogs_count, 0) as reblogs,
        coalesce(last.favourites_count, 0) - coalesce(before.favourites_count, 0) as favourites
    from looked
    inner join {{ gold }}.rollup_post on looked.content_key = rollup_post.content_key
    inner join {{ silver }}.post_metric_snapshots as last
        on looked.content_key = last.content_key and looked.captured_at = last.captured_at
    left join lateral (
        select snapshots.*
        from {{ silver }}.post_metric_snapshots as snapshots
        where snapshots.content_key = looked.content_key and snapshots.captured_at <= %(since)s
        order by snapshots.captured_at desc
        limit 1
    ) as before on true
    order by engagement desc
    fetch first %(most)s rows with ties
)

select
    dim_content.uri,
    dim_account.acct,
    gained.engagement,
    gained.replies,
    gained.reblogs,
    gained.favourites,
    gained.captured_at,
    dim_content.content_text
from gained
inner join {{ silver }}.dim_content on gained.content_key = dim_content.content_key
inner join {{ silver }}.fact_toot_engagement as fact on gained.content_key = fact.content_key
inner join {{ silver }}.dim_account on fact.account_key = dim_account.account_key
order by gained.engagement desc, dim_content.uri asc
limit %(most)s;
