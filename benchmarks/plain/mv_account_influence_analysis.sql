with

posts as ({% include 'posts.sql' %}),

newest as (
    select max(day) as day from posts
),

sums as (
    select
        known.account_uri,
        posts.account_source as source,
        posts.account_instance as instance,
        posts.account_id,
        count(*) as posts,
        sum(replies)::bigint as replies,
        sum(reblogs)::bigint as reblogs,
        sum(favourites)::bigint as favourites,
        sum(engagement)::bigint as engagement,
        avg(engagement)::double precision as mean_engagement,
        count(*) filter (where posts.day > newest.day - 90) as posts_90d,
        sum(engagement) filter (where posts.day > newest.day - 90)::bigint as engagement_90d,
        count(distinct posts.day) filter (where posts.day > newest.day - 90) as active_days_90d,
        count(distinct (newest.day - posts.day) / 7) filter (where posts.day > newest.day - 90)
        / 13::double precision as consistency,
        avg(mood) as mood,
        avg((label = 'positive')::integer)::double precision as positive_share,
        avg((label = 'neutral')::integer)::double precision as neutral_share,
        avg((label = 'negative')::integer)::double precision as negative_share,
        min(posts.day) as first_day,
        max(posts.day) as last_day
    from posts
    cross join newest
    inner join {{ silver }}.account_identities as known
        on
            known.source = account_source
            and known.instance = account_instance
            and known.account_id = posts.account_id
    group by 1, 2, 3, 4
)

select
    row_number() over (order by sums.engagement desc, sums.posts desc, sums.account_uri) as rank,
    sums.account_uri,
    source,
    instance,
    account_id,
    now_known.acct,
    now_known.display_name,
    now_known.url,
    now_known.is_bot,
    now_known.followers_count,
    now_known.following_count,
    now_known.influence_tier,
    sums.posts,
    sums.replies,
    sums.reblogs,
    sums.favourites,
    sums.engagement,
    sums.mean_engagement,
    sums.engagement::double precision / nullif(now_known.followers_count, 0) as engagement_per_follower,
    sums.posts_90d,
    sums.engagement_90d,
    sums.active_days_90d,
    sums.consistency,
    sums.mood,
    sums.positive_share,
    sums.neutral_share,
    sums.negative_share,
    sums.first_day,
    sums.last_day
from sums
inner join {{ silver }}.dim_account as now_known using (source, instance, account_id)
where now_known.is_current and sums.posts_90d > 0
order by rank
limit 1000
