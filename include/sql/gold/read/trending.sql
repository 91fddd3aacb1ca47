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
-- Counted in the window are all tags in its minutes and latest hours (%(of_all)s), and in its other hours those alone
-- that can be shown: with a weight of at least %(weight)s in the former, or %(posts_of_a_day)s posts on one of
-- %(days)s. `chorus.domain.trending` says why there are no others. Compared are those that would have grown enough if
-- there had been none of them before, and where all are shown that are used most, the %(places)s that are.

with

pieces as materialized (
    select *
    from unnest(
        %(units)s::text[],
        %(recent)s::boolean[],
        %(of_all)s::boolean[],
        %(sinces)s::timestamptz[],
        %(untils)s::timestamptz[]
    ) as piece (unit, recent, of_all, since, until)
),

-- An hour weighs the same for all tags.
latest_hours as (
    select
        hour,
        %(hour_weight)s * 0.5::double precision ^ least(
            (ceil(date_part('epoch', %(until)s::timestamptz - hour) / 60) - 60) / %(half_life)s, 1000
        ) as weight
    from pieces
    cross join lateral generate_series(pieces.since, pieces.until - interval '1 hour', interval '1 hour') as hour
    where pieces.unit = 'hours' and pieces.recent and pieces.of_all
),

of_all as materialized (
    select
        hashtag_id,
        sum(posts) filter (where recent) as posts,
        sum(engagement) filter (where recent) as engagement,
        sum(posts * weight) filter (where recent) as weighted,
        sum(posts) filter (where not recent) as posts_before
    from (
        select
            pieces.recent,
            stats.hashtag_id,
            stats.posts::double precision as posts,
            stats.engagement::double precision as engagement,
            case
                when %(half_life)s < 'infinity'::double precision
                    then
                        0.5::double precision ^ least(
                            (ceil(date_part('epoch', %(until)s::timestamptz - stats.minute) / 60) - 1) / %(half_life)s,
                            1000
                        )
                else 1
            end as weight
        from pieces
        inner join {{ silver }}.hashtag_minute_stats as stats
            on pieces.since <= stats.minute and pieces.until > stats.minute
        where pieces.unit = 'minutes' and (%(instance)s::text is null or stats.instance = %(instance)s)
        union all
        select
            true as recent,
            stats.hashtag_id,
            stats.posts::double precision as posts,
            stats.engagement::double precision as engagement,
            latest_hours.weight
        from latest_hours
        cross join
            lateral (
                select *
                from {{ silver }}.hashtag_hourly_stats as hour_stats
                where hour_stats.hour = latest_hours.hour
                -- Hour by hour through the index, however much the planner thinks there is.
                order by hour_stats.hour
            ) as stats
    ) as counted
    group by hashtag_id
),

window_days as (
    select day from unnest(%(days)s::date[]) as day
),

busy as (
    select tags.hashtag_id
    from window_days
    cross join
        lateral (
            select rollup_hashtag_day.hashtag_id
            from {{ gold }}.rollup_hashtag_day
            where rollup_hashtag_day.day = window_days.day and rollup_hashtag_day.posts >= %(posts_of_a_day)s
            order by rollup_hashtag_day.posts desc
        ) as tags
),

possible as materialized (
    select hashtag_id
    from of_all
    where weighted >= %(weight)s
    union
    select hashtag_id from busy
),

of_some as materialized (
    select
        possible.hashtag_id,
        counted.*
    from pieces
    cross join possible
    cross join
        lateral (
            select
                sum(stats.posts::double precision) as posts,
                sum(stats.engagement::double precision) as engagement,
                sum(
                    case
                        when %(half_life)s < 'infinity'::double precision
                            then
                                stats.posts * %(hour_weight)s * 0.5::double precision ^ least(
                                    (ceil(date_part('epoch', %(until)s::timestamptz - stats.hour) / 60) - 60)
                                    / %(half_life)s,
                                    1000
                                )
                        else stats.posts
                    end
                ) as weighted
            from {{ silver }}.hashtag_hourly_stats as stats
            where
                stats.hashtag_id = possible.hashtag_id
                and stats.hour >= pieces.since
                and stats.hour < pieces.until
        ) as counted
    where pieces.unit = 'hours' and pieces.recent and not pieces.of_all
),

used as (
    select
        coalesce(of_all.hashtag_id, of_some.hashtag_id) as hashtag_id,
        coalesce(of_all.posts, 0) + coalesce(of_some.posts, 0) as posts,
        coalesce(of_all.engagement, 0) + coalesce(of_some.engagement, 0) as engagement,
        60 * (coalesce(of_all.weighted, 0) + coalesce(of_some.weighted, 0)) / %(window_weight)s as recent,
        coalesce(of_all.posts_before, 0) as posts_before
    from of_all
    full join of_some on of_all.hashtag_id = of_some.hashtag_id
),

candidates as materialized (
    select *
    from used
    where
        used.posts >= %(min_posts)s
        and (used.recent + %(smoothing)s) / %(smoothing)s::double precision >= %(min_growth)s
    order by used.posts desc
    fetch first %(places)s rows with ties
),

compared as (
    select
        candidates.hashtag_id,
        candidates.posts,
        candidates.engagement,
        candidates.recent,
        (candidates.posts_before + of_days.posts + of_hours.posts) / %(baseline_hours)s as baseline
    from candidates
    cross join
        lateral (
            select coalesce(sum(days.posts::double precision), 0) as posts
            from pieces
            inner join {{ gold }}.rollup_hashtag_day as days
                on
                    candidates.hashtag_id = days.hashtag_id
                    and days.day >= (pieces.since at time zone 'UTC')::date
                    and days.day < (pieces.until at time zone 'UTC')::date
            where pieces.unit = 'days' and not pieces.recent
        ) as of_days
    cross join
        lateral (
            select coalesce(sum(stats.posts::double precision), 0) as posts
            from pieces
            inner join {{ silver }}.hashtag_hourly_stats as stats
                on
                    candidates.hashtag_id = stats.hashtag_id
                    and pieces.since <= stats.hour
                    and pieces.until > stats.hour
            where
                pieces.unit = 'hours'
                and not pieces.recent
                and (%(instance)s::text is null or stats.instance = %(instance)s)
        ) as of_hours
    -- Whose whole days alone were as many needs no count of hours.
    where
        (candidates.recent + %(smoothing)s)
        / ((candidates.posts_before + of_days.posts) / %(baseline_hours)s + %(smoothing)s)
        >= %(min_growth)s
),

grown as (
    select
        compared.*,
        (recent + %(smoothing)s) / (baseline + %(smoothing)s)::double precision as growth
    from compared
)

select
    hashtags.name as hashtag,
    grown.posts::bigint as posts,
    grown.engagement::bigint as engagement,
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
