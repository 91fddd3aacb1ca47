-- Hours whose number of posts is beyond three standard deviations of the fourteen days before them.
-- Grain: one row. Rows in: posts of the hours that a run touched and of the days before. Rows out: how many hours
-- were judged and how many of them are unusual. Hours before the first post say nothing, an hour is judged where
-- 24 before it have posts, and a deviation is at least what counting alone gives (the root of the mean).
with touched as (
    select distinct date_trunc('hour', seen.created_at) as hour
    from {{ bronze }}.post_observations as seen
    where
        seen.pipeline_run_id = %(pipeline_run_id)s
        and not seen.is_deleted
        and seen.created_at > now() - interval '60 days'
),

span as (
    select
        min(touched.hour) - interval '14 days' as since,
        max(touched.hour) as until
    from touched
),

counted as (
    select
        date_trunc('hour', shown.created_at) as hour,
        count(*) as posts
    from {{ toots }} as shown
    cross join span
    where
        shown.created_at >= span.since
        and shown.created_at < span.until + interval '1 hour'
    group by date_trunc('hour', shown.created_at)
),

hours as (
    select
        hour.hour,
        coalesce(counted.posts, 0) as posts
    from span
    cross join
        lateral generate_series(
            (select min(first.hour) from counted as first), span.until, interval '1 hour'
        ) as hour (hour)
    left join counted on hour.hour = counted.hour
),

compared as (
    select
        hours.hour,
        hours.posts,
        avg(hours.posts) over before as usual,
        stddev_samp(hours.posts) over before as deviation,
        count(*) filter (where hours.posts > 0) over before as hours_with_posts
    from hours
    window before as (order by hours.hour rows between 336 preceding and 1 preceding)
)

select
    count(*) as judged,
    count(*) filter (
        where
        abs(compared.posts - compared.usual) > 3 * greatest(compared.deviation, sqrt(compared.usual))
    ) as unusual
from compared
inner join touched on compared.hour = touched.hour
where compared.hours_with_posts >= 24
