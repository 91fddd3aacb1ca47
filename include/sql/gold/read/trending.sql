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
-- Counted in the window are all tags in its minutes and latest hours, and in its other hours (%(some_since)s to
-- %(some_until)s) those alone that can be shown: with a weight of at least %(weight)s in the former, or
-- %(posts_of_a_day)s posts on one of %(days)s. `chorus.domain.trending` says why there are no others. Compared are
-- those that would have grown enough if there had been none of them before, those with most posts first, until enough
-- are found; where all are shown that are used most, the %(places)s that are.

with

pieces as materialized (
    select *
    from unnest(
        %(units)s::text[],
        %(recent)s::boolean[],
        %(sinces)s::timestamptz[],
        %(untils)s::timestamptz[]
    ) as piece (unit, recent, since, until)
),

-- An hour weighs the same for all tags.
latest_hours as (
    select
        hour,
        %(hour_weight)s * 0.5::double precision ^ least(
            (date_part('epoch', %(until)s::timestamptz - hour) / 60 - 60) / %(half_life)s, 1000
        ) as weight
    from pieces
    cross join lateral generate_series(pieces.since, pieces.until - interval '1 hour', interval '1 hour') as hour
    where pieces.unit = 'hours' and pieces.recent
),

of_all as (
    select
        hashtag_id,
        sum(posts) as posts,
        sum(engagement) as engagement,
        sum(posts * weight) as weighted
    from (
        select
            stats.hashtag_id,
            stats.posts::double precision as posts,
            stats.engagement::double precision as engagement,
            case
                when %(half_life)s < 'infinity'::double precision
                    then
                        0.5::double precision ^ least(
                            (date_part('epoch', %(until)s::timestamptz - stats.minute) / 60 - 1) / %(half_life)s, 1000
                        )
                else 1
            end as weight
        from pieces
        inner join {{ silver }}.hashtag_minute_stats as stats
            on pieces.since <= stats.minute and pieces.until > stats.minute
        where
            pieces.unit = 'minutes'
            and pieces.recent
            and (%(instance)s::text is null or stats.instance = %(instance)s)
        union all
        select
            stats.hashtag_id,
            stats.posts::double precision as posts,
            stats.engagement::double precision as engagement,
            latest_hours.weight
        from latest_hours
        cross join
            lateral (
                select *
                from {{ silver }}.hashtag_hourly_stats as hour_stats
                where
                    hour_stats.hour = latest_hours.hour
                    and (%(instance)s::text is null or hour_stats.instance = %(instance)s)
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
    select distinct tags.hashtag_id
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
    select
        coalesce(of_all.hashtag_id, busy.hashtag_id) as hashtag_id,
        coalesce(of_all.posts, 0) as posts,
        coalesce(of_all.engagement, 0) as engagement,
        coalesce(of_all.weighted, 0) as weighted
    from of_all
    full join busy on of_all.hashtag_id = busy.hashtag_id
    where of_all.weighted >= %(weight)s or busy.hashtag_id is not null
),

-- By the minute is compared what is compared with yesterday.
minutes_before as (
    select
        stats.hashtag_id,
        sum(stats.posts::double precision) as posts
    from pieces
    inner join {{ silver }}.hashtag_minute_stats as stats
        on pieces.since <= stats.minute and pieces.until > stats.minute
    where
        pieces.unit = 'minutes'
        and not pieces.recent
        and (%(instance)s::text is null or stats.instance = %(instance)s)
    group by stats.hashtag_id
),

used as (
    select
        possible.hashtag_id,
        possible.posts + coalesce(of_some.posts, 0) as posts,
        possible.engagement,
        60 * (possible.weighted + coalesce(of_some.weighted, 0)) / %(window_weight)s as recent,
        coalesce(minutes_before.posts, 0) as posts_before
    from possible
    left join minutes_before on possible.hashtag_id = minutes_before.hashtag_id
    cross join
        lateral (
            select
                sum(stats.posts::double precision) as posts,
                sum(
                    case
                        when %(half_life)s < 'infinity'::double precision
                            then
                                stats.posts * %(hour_weight)s * 0.5::double precision ^ least(
                                    (date_part('epoch', %(until)s::timestamptz - stats.hour) / 60 - 60)
                                    / %(half_life)s,
                                    1000
                                )
                        else stats.posts::double precision
                    end
                ) as weighted
            from {{ silver }}.hashtag_hourly_stats as stats
            where
                stats.hashtag_id = possible.hashtag_id
                and stats.hour >= %(some_since)s
                and stats.hour < %(some_until)s
                and (%(instance)s::text is null or stats.instance = %(instance)s)
        ) as of_some
),

candidates as materialized (
    select
        used.*,
        -- Of what has grown enough there were at most so many posts in the span before.
        least(
            %(baseline_hours)s * (
                (used.recent + %(smoothing)s) / greatest(%(min_growth)s, 0.000001)::double precision - %(smoothing)s
            ) + 0.001,
            1000000000000000
        ) as most_before
    from used
    where
        used.posts >= %(min_posts)s
        and (used.recent + %(smoothing)s) / %(smoothing)s::double precision >= %(min_growth)s
    order by used.posts desc
    fetch first %(places)s rows with ties
),

compared as (
    select
        candidates.*,
        (candidates.posts_before + of_days.posts + of_hours.posts) / %(baseline_hours)s as baseline
    from candidates
    cross join
        lateral (
            select coalesce(sum(days.posts::double precision), 0) as posts
            from {{ gold }}.rollup_hashtag_day as days
            where
                days.hashtag_id = candidates.hashtag_id
                and days.day >= %(days_since)s
                and days.day < %(days_until)s
        ) as of_days
    cross join
        lateral (  -- noqa: ST05
            select coalesce(sum(counted.posts), 0) as posts
            from (
                select stats.posts::double precision as posts
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
                -- Each has a post: so many are too many already.
                limit  -- noqa: AM09
                    greatest(floor(candidates.most_before - candidates.posts_before - of_days.posts), 0)::bigint + 1
            ) as counted
        ) as of_hours
    where candidates.most_before >= candidates.posts_before + of_days.posts
),

grown as (
    select
        compared.*,
        (recent + %(smoothing)s) / (baseline + %(smoothing)s)::double precision as growth
    from compared
),

shown as (
    select
        hashtags.name as hashtag,
        grown.*
    from grown
    inner join {{ silver }}.hashtags on grown.hashtag_id = hashtags.hashtag_id
    where grown.growth >= %(min_growth)s
    order by
        case when %(by_growth)s then grown.growth else grown.posts end desc,
        grown.posts desc,
        hashtags.name asc
    limit %(most)s
)

select
    shown.hashtag,
    shown.posts::bigint as posts,
    (shown.engagement + coalesce(of_some.engagement, 0))::bigint as engagement,
    shown.recent,
    shown.baseline,
    shown.growth
from shown
cross join
    lateral (
        select sum(stats.engagement) as engagement
        from {{ silver }}.hashtag_hourly_stats as stats
        where
            stats.hashtag_id = shown.hashtag_id
            and stats.hour >= %(some_since)s
            and stats.hour < %(some_until)s
            and (%(instance)s::text is null or stats.instance = %(instance)s)
    ) as of_some
order by
    case when %(by_growth)s then shown.growth else shown.posts end desc,
    shown.posts desc,
    shown.hashtag asc;
