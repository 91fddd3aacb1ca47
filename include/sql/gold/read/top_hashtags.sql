-- The hashtags with most posts in the %(days)s days up to the newest one that was loaded.
-- Grain: one hashtag. Rows in: the %(candidates)s with most posts of each of these days. A tag that is among them on no
-- day has at most as many posts as the last of each day together; unless enough of those seen have more, all tags of
-- these days are summed up. Rows out: at most %(most)s.

with

newest as (
    select max(day) as day from {{ gold }}.rollup_day
),

placed as (
    select top.*
    from newest
    cross join generate_series(0, %(days)s - 1) as days_back
    cross join lateral (
        select
            rollup_hashtag_day.hashtag_id,
            rollup_hashtag_day.posts,
            row_number() over (order by rollup_hashtag_day.posts desc) as place
        from {{ gold }}.rollup_hashtag_day
        where rollup_hashtag_day.day = newest.day - days_back
        order by rollup_hashtag_day.posts desc
        limit %(candidates)s
    ) as top
),

seen as materialized (
    select
        tags.hashtag_id,
        sums.*
    from (select distinct placed.hashtag_id from placed) as tags
    cross join newest
    cross join lateral (
        select
            sum(days.posts)::bigint as posts,
            sum(days.engagement)::bigint as engagement,
            sum(days.mood_micros) as mood_micros,
            sum(days.scored) as scored
        from {{ gold }}.rollup_hashtag_day as days
        where days.hashtag_id = tags.hashtag_id and days.day > newest.day - %(days)s
    ) as sums
),

certain as (
    select unseen.posts = 0 or count(seen.posts) >= %(most)s as is_so
    from (
        select coalesce(sum(placed.posts), 0) as posts
        from placed
        where placed.place = %(candidates)s
    ) as unseen
    left join seen on unseen.posts < seen.posts
    group by unseen.posts
),

counted as (
    select * from seen
    where (select certain.is_so from certain)
    union all
    select
        days.hashtag_id,
        sum(days.posts)::bigint as posts,
        sum(days.engagement)::bigint as engagement,
        sum(days.mood_micros) as mood_micros,
        sum(days.scored) as scored
    from {{ gold }}.rollup_hashtag_day as days
    where
        days.day > (select newest.day from newest) - %(days)s
        and not (select certain.is_so from certain)
    group by days.hashtag_id
)

select
    hashtags.name as hashtag,
    counted.posts,
    counted.engagement,
    counted.engagement / counted.posts::double precision as mean_engagement,
    counted.mood_micros / 1e6::double precision / nullif(counted.scored, 0) as mood
from counted
inner join {{ silver }}.hashtags on counted.hashtag_id = hashtags.hashtag_id
order by counted.posts desc, counted.engagement desc, hashtags.name asc
limit %(most)s;
