-- Hashtags that are used more than they used to be, in the window up to %(until)s and in the span before that it is
-- compared with. Both come in pieces (`chorus.domain.tiles`): minutes where it has to be the minute, whole hours, whole
-- days.
-- Grain: one hashtag. Rows in: the counts of tags by minute, hour and day. Rows out: at most %(most)s, by posts, or by
-- growth where %(by_growth)s.
--
--   recent   = posts an hour in the window; a post loses half its weight every %(half_life)s minutes, never where that
--              is infinite, and one that is counted by the hour weighs what its hour weighs on the mean
--              (%(hour_weight)s of its last minute); all minutes of the window weigh %(window_weight)s together
--   baseline = posts an hour in the %(baseline_hours)s hours that the window is compared with
--   growth   = (recent + %(smoothing)s) / (baseline + %(smoothing)s), so that few posts do not look like many
--
-- Looked at are the %(candidates)s tags with most posts in the minutes of the window, and where the rest of it is
-- counted by the hour, as many with most on its days. Shown are those with at least %(min_posts)s posts.

with

pieces as materialized (
    select *
    from unnest(
        %(units)s::text[], %(recent)s::boolean[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[]
    ) as piece (unit, recent, since, until)
),

minutes as materialized (
    select
        pieces.recent,
        stats.hashtag_id,
        sum(stats.posts) as posts,
        sum(stats.engagement) as engagement,
        sum(
            stats.posts * 0.5::double precision ^ least(
                (ceil(date_part('epoch', %(until)s::timestamptz - stats.minute) / 60) - 1) / %(half_life)s, 1000
            )
        ) filter (where pieces.recent) as weighted
    from pieces
    inner join {{ silver }}.hashtag_minute_stats as stats
        on pieces.since <= stats.minute and pieces.until > stats.minute
    where pieces.unit = 'minutes' and (%(instance)s::text is null or stats.instance = %(instance)s)
    group by pieces.recent, stats.hashtag_id
),

window_days as (
    select day from unnest(%(window_days)s::date[]) as day
),

of_minutes as (
    select minutes.hashtag_id
    from minutes
    where minutes.recent
    order by minutes.posts desc, minutes.hashtag_id asc
    limit %(candidates)s
),

of_days as (
    select tops.hashtag_id
    from window_days
    cross join
        lateral (
            select
                rollup_hashtag_day.hashtag_id,
                rollup_hashtag_day.posts
            from {{ gold }}.rollup_hashtag_day
            where rollup_hashtag_day.day = window_days.day
            order by rollup_hashtag_day.posts desc
            limit %(candidates)s
        ) as tops
    group by tops.hashtag_id
    order by sum(tops.posts) desc, tops.hashtag_id asc
    limit %(candidates)s
),

candidates as materialized (
    select hashtag_id from of_minutes
    union
    select hashtag_id from of_days
),

hours as (
    select
        pieces.recent,
        candidates.hashtag_id,
        counted.*
    from candidates
    inner join pieces on pieces.unit = 'hours'
    cross join
        lateral (
            select
                sum(stats.posts) as posts,
                sum(stats.engagement) as engagement,
                sum(
                    stats.posts * %(hour_weight)s * 0.5::double precision ^ least(
                        (ceil(date_part('epoch', %(until)s::timestamptz - stats.hour) / 60) - 60) / %(half_life)s, 1000
                    )
                ) filter (where pieces.recent) as weighted
            from {{ silver }}.hashtag_hourly_stats as stats
            where
                stats.hashtag_id = candidates.hashtag_id
                and stats.hour >= pieces.since
                and stats.hour < pieces.until
                and (%(instance)s::text is null or stats.instance = %(instance)s)
        ) as counted
),

days as (
    select
        pieces.recent,
        candidates.hashtag_id,
        counted.posts
    from candidates
    inner join pieces on pieces.unit = 'days'
    cross join
        lateral (
            select sum(days.posts) as posts
            from {{ gold }}.rollup_hashtag_day as days
            where
                days.hashtag_id = candidates.hashtag_id
                and days.day >= (pieces.since at time zone 'UTC')::date
                and days.day < (pieces.until at time zone 'UTC')::date
        ) as counted
),

counts as (
    select * from minutes
    union all
    select * from hours
    union all
    select
        recent,
        hashtag_id,
        posts,
        null as engagement,
        null as weighted
    from days
),

compared as (
    select
        candidates.hashtag_id,
        sum(counts.posts) filter (where counts.recent)::bigint as posts,
        sum(counts.engagement) filter (where counts.recent)::bigint as engagement,
        60 * sum(counts.weighted) filter (where counts.recent) / %(window_weight)s as recent,
        coalesce(sum(counts.posts) filter (where not counts.recent), 0)
        / %(baseline_hours)s::double precision as baseline
    from candidates
    inner join counts on candidates.hashtag_id = counts.hashtag_id
    group by candidates.hashtag_id
    having sum(counts.posts) filter (where counts.recent) >= %(min_posts)s
),

grown as (
    select
        compared.*,
        (recent + %(smoothing)s) / (baseline + %(smoothing)s)::double precision as growth
    from compared
)

select
    hashtags.name as hashtag,
    grown.posts,
    grown.engagement,
    grown.recent,
    grown.baseline,
    grown.growth
from grown
inner join {{ silver }}.hashtags on grown.hashtag_id = hashtags.hashtag_id
where grown.growth >= %(min_growth)s
order by
    case when %(by_growth)s then grown.growth else grown.posts end desc,
    grown.posts desc,
    hashtags.name asc
limit %(most)s;
