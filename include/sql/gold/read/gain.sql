-- The posts that gained most between two moments, by the looks at their counts.
-- Grain: one post. Rows in: the looks after %(since)s up to %(until)s, each with what it found gained since the one
-- before; a post without one before gained all it has. Rows out: at most %(most)s.

with

gains as (
    select
        content_key,
        sum(gained)::bigint as engagement,
        max(captured_at) as captured_at
    from {{ silver }}.post_metric_snapshots
    where captured_at > %(since)s and captured_at <= %(until)s
    group by content_key
    order by engagement desc
),

-- One by one from the top, until there are enough that count.
top as (
    select gains.*
    from gains
    cross join
        lateral (
            select rollup_post.content_key
            from {{ gold }}.rollup_post
            where rollup_post.content_key = gains.content_key
            order by rollup_post.content_key
            limit 1
        ) as counted
    order by gains.engagement desc
    fetch first %(most)s rows with ties
)

select
    dim_content.uri,
    dim_account.acct,
    top.engagement,
    coalesce(last.replies_count, 0) - coalesce(before.replies_count, 0) as replies,
    coalesce(last.reblogs_count, 0) - coalesce(before.reblogs_count, 0) as reblogs,
    coalesce(last.favourites_count, 0) - coalesce(before.favourites_count, 0) as favourites,
    top.captured_at,
    dim_content.content_text
from top
inner join {{ silver }}.post_metric_snapshots as last
    on top.content_key = last.content_key and top.captured_at = last.captured_at
left join lateral (
    select snapshots.*
    from {{ silver }}.post_metric_snapshots as snapshots
    where snapshots.content_key = top.content_key and snapshots.captured_at <= %(since)s
    order by snapshots.captured_at desc
    limit 1
) as before on true
inner join {{ silver }}.dim_content on top.content_key = dim_content.content_key
inner join {{ silver }}.fact_toot_engagement as fact on top.content_key = fact.content_key
inner join {{ silver }}.dim_account on fact.account_key = dim_account.account_key
order by top.engagement desc, dim_content.uri asc
limit %(most)s;
