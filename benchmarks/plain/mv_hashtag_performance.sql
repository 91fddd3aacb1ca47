with

posts as ({% include 'posts.sql' %}),

newest as (
    select
        day,
        1 + (max(created_hour) + 1) / 24::double precision as recent_days
    from posts
    where day = (select max(day) from posts)
    group by day
),

sums as (
    select
        tags.hashtag_id,
        count(*) as posts,
        count(distinct account) as accounts,
        sum(engagement)::bigint as engagement,
        avg(engagement)::double precision as mean_engagement,
        count(*) filter (where posts.day > newest.day - 90) as posts_90d,
        coalesce(sum(engagement) filter (where posts.day > newest.day - 90), 0)::bigint as engagement_90d,
        count(*) filter (where posts.day = newest.day) as posts_newest,
        count(*) filter (where posts.day = newest.day - 1) as posts_before,
        count(*) filter (where posts.day between newest.day - 8 and newest.day - 2) / 7::double precision as baseline,
        avg(mood) as mood,
        avg((label = 'positive')::integer)::double precision as positive_share,
        avg((label = 'neutral')::integer)::double precision as neutral_share,
        avg((label = 'negative')::integer)::double precision as negative_share,
        min(posts.day) as first_day,
        max(posts.day) as last_day
    from posts
    cross join newest
    inner join {{ silver }}.post_hashtags as tags using (content_key)
    group by tags.hashtag_id
),

pairs as (
    select
        one.hashtag_id,
        others.name,
        row_number() over (partition by one.hashtag_id order by count(*) desc, others.name) as place
    from posts
    inner join {{ silver }}.post_hashtags as one using (content_key)
    inner join {{ silver }}.post_hashtags as other using (content_key)
    inner join {{ silver }}.hashtags as others on other.hashtag_id = others.hashtag_id
    where one.hashtag_id <> other.hashtag_id
    group by one.hashtag_id, others.name
),

co_tags as (
    select
        hashtag_id,
        array_agg(name order by place) as names
    from pairs
    where place <= 5
    group by hashtag_id
),

ranked as (
    select
        sums.*,
        hashtags.name,
        hashtags.shown,
        rank() over (order by sums.posts_newest desc) as place_newest,
        rank() over (order by sums.posts_before desc) as place_before,
        row_number() over (
            partition by sums.posts_90d > 0
            order by sums.posts desc, sums.engagement desc, hashtags.name
        ) as rank
    from sums
    inner join {{ silver }}.hashtags using (hashtag_id)
)

select
    name as hashtag,
    shown,
    case when rank <= 1000 then rank end as rank,
    posts,
    accounts,
    engagement,
    mean_engagement,
    posts_90d,
    engagement_90d,
    posts_newest + posts_before as recent_posts,
    (posts_newest + posts_before) / newest.recent_days as velocity,
    baseline,
    ((posts_newest + posts_before) / newest.recent_days + 1) / (baseline + 1) as growth,
    ((posts_newest + posts_before) / newest.recent_days + 1) / (baseline + 1)
    * ln(1 + posts_newest + posts_before) as trending_score,
    mood,
    positive_share,
    neutral_share,
    negative_share,
    coalesce(co_tags.names, '{}') as co_tags,
    first_day,
    last_day
from ranked
cross join newest
left join co_tags using (hashtag_id)
where
    posts_90d > 0
    and (
        rank <= 1000
        or (place_newest <= 200 and posts_newest > 0)
        or (place_before <= 200 and posts_before > 0)
    )
