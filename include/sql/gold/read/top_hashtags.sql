-- The hashtags with most posts in the %(days)s days up to the newest one that was loaded.
-- Grain: one hashtag. Rows in: the %(candidates)s with most posts of each of these days; a tag that is among them on
-- no day is not among those with most posts of them all. Rows out: at most %(most)s.

with

newest as (
    select max(day) as day from {{ gold }}.rollup_day
),

candidates as (
    select distinct top.hashtag_id
    from newest
    cross join generate_series(0, %(days)s - 1) as days_back
    cross join lateral (
        select rollup_hashtag_day.hashtag_id
        from {{ gold }}.rollup_hashtag_day
        where rollup_hashtag_day.day = newest.day - days_back
        order by rollup_hashtag_day.posts desc
        limit %(candidates)s
    ) as top
),

sums as (
    select
        candidates.hashtag_id,
        days.*
    from candidates
    cross join newest
    cross join lateral (
        select
            sum(rollup_hashtag_day.posts)::bigint as posts,
            sum(rollup_hashtag_day.engagement)::bigint as engagement,
            sum(rollup_hashtag_day.mood_micros) / 1e6::double precision
            / nullif(sum(rollup_hashtag_day.scored), 0) as mood
        from {{ gold }}.rollup_hashtag_day
        where
            rollup_hashtag_day.hashtag_id = candidates.hashtag_id
            and rollup_hashtag_day.day > newest.day - %(days)s
    ) as days
)

select
    hashtags.name as hashtag,
    sums.posts,
    sums.engagement,
    sums.engagement / sums.posts::double precision as mean_engagement,
    sums.mood
from sums
inner join {{ silver }}.hashtags on sums.hashtag_id = hashtags.hashtag_id
order by sums.posts desc, sums.engagement desc, hashtags.name asc
limit %(most)s;
