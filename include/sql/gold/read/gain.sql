-- The posts that gained most between two moments, by the looks at their counts.
-- Grain: one post. Rows in: the looks after %(since)s up to %(until)s, each with what it found gained since the one
-- before; a post without one before gained all it has. Rows out: at most %(most)s that gained anything.
--
-- No post gained more in the window than it ever had risen (`risen`) by the last look there that found anything gained.
-- So what the likeliest posts gained says which looks are worth reading at all.

with

hours as (
    select hour
    from generate_series(
        date_bin('1 hour', %(since)s::timestamptz, 'epoch'), %(until)s::timestamptz, interval '1 hour'
    ) as hour
),

likeliest as materialized (
    select looks.content_key
    from hours
    cross join
        lateral (
            select
                snapshots.content_key,
                snapshots.gained
            from {{ silver }}.post_metric_snapshots as snapshots
            where
                date_bin('1 hour', snapshots.captured_at, 'epoch') = hours.hour
                and snapshots.gained > 0
                and snapshots.captured_at > %(since)s
                and snapshots.captured_at <= %(until)s
            order by snapshots.risen desc
            limit 2 * %(most)s
        ) as looks
    group by looks.content_key
    order by max(looks.gained) desc
    limit 4 * %(most)s
),

enough as materialized (
    select coalesce((array_agg(gains.engagement order by gains.engagement desc))[%(most)s], 1) as engagement
    from likeliest
    inner join {{ gold }}.rollup_post on likeliest.content_key = rollup_post.content_key
    cross join
        lateral (
            select sum(snapshots.gained)::bigint as engagement
            from {{ silver }}.post_metric_snapshots as snapshots
            where
                snapshots.content_key = likeliest.content_key
                and snapshots.captured_at > %(since)s
                and snapshots.captured_at <= %(until)s
        ) as gains
    where gains.engagement > 0
),

candidates as materialized (
    select distinct looks.content_key
    from hours
    cross join
        lateral (
            select snapshots.content_key
            from {{ silver }}.post_metric_snapshots as snapshots
            where
                date_bin('1 hour', snapshots.captured_at, 'epoch') = hours.hour
                and snapshots.gained > 0
                and snapshots.risen >= (select enough.engagement from enough)
                and snapshots.captured_at > %(since)s
                and snapshots.captured_at <= %(until)s
            -- Hour by hour through the index, however much the planner thinks there is.
            order by snapshots.risen desc
        ) as looks
),

top as (
    select
        candidates.content_key,
        gains.engagement,
        gains.captured_at
    from candidates
    cross join
        lateral (
            select rollup_post.content_key
            from {{ gold }}.rollup_post
            where rollup_post.content_key = candidates.content_key
            order by rollup_post.content_key
        ) as counted
    cross join
        lateral (
            select
                sum(snapshots.gained)::bigint as engagement,
                max(snapshots.captured_at) as captured_at
            from {{ silver }}.post_metric_snapshots as snapshots
            where
                snapshots.content_key = candidates.content_key
                and snapshots.captured_at > %(since)s
                and snapshots.captured_at <= %(until)s
        ) as gains
    where gains.engagement > 0
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
