-- Hashtags that are used more than they used to be, in the %(minutes)s minutes up to %(until)s.
-- Grain: one hashtag. Rows in: the per-minute counts of the last 48 hours, and the hourly ones.
-- Rows out: at most %(most)s, by posts, or by growth where %(by_growth)s.
--
--   recent   = posts an hour in the window; a post loses half its weight every %(half_life)s minutes, where given
--   baseline = posts an hour before: the mean of the %(baseline_hours)s whole hours before the window (which go from
--              %(baseline_since)s to %(baseline_until)s), or where %(same_hour_yesterday)s the same minutes of the
--              day before
--   growth   = (recent + %(smoothing)s) / (baseline + %(smoothing)s), so that few posts do not look like many
--
-- Only the %(candidates)s with most posts in the window are looked at, and only those with at least %(min_posts)s.

with

spans as (
    select
        %(until)s::timestamptz as until,
        %(until)s::timestamptz - %(minutes)s * interval '1 minute' as since
),

weights as (
    select
        sum(
            case
                when %(half_life)s::double precision is null then 1
                else 0.5 ^ (minute / %(half_life)s::double precision)
            end
        ) as total
    from generate_series(0, %(minutes)s - 1) as minute
),

used as (
    select
        stats.hashtag_id,
        sum(stats.posts)::bigint as posts,
        sum(stats.engagement)::bigint as engagement,
        60 * sum(
            stats.posts * case
                when %(half_life)s::double precision is null then 1
                else
                    0.5 ^ (
                        floor(extract(epoch from spans.until - stats.minute) / 60)::double precision
                        / %(half_life)s::double precision
                    )
            end
        ) as weighted
    from spans
    inner join {{ silver }}.hashtag_minute_stats as stats
        on spans.since <= stats.minute and spans.until > stats.minute
    where %(instance)s::text is null or stats.instance = %(instance)s
    group by stats.hashtag_id
    having sum(stats.posts) >= %(min_posts)s
    order by sum(stats.posts) desc, stats.hashtag_id asc
    limit %(candidates)s
),

baseline_hours as (
    select
        before.hashtag_id,
        sum(before.posts) / %(baseline_hours)s::double precision as posts
    from {{ silver }}.hashtag_hourly_stats as before
    where
        not %(same_hour_yesterday)s
        and before.hour >= %(baseline_since)s
        and before.hour < %(baseline_until)s
        and before.hashtag_id in (select used.hashtag_id from used)
        and (%(instance)s::text is null or before.instance = %(instance)s)
    group by before.hashtag_id
),

yesterday as (
    select
        used.hashtag_id,
        sum(before.posts) * 60 / %(minutes)s::double precision as posts
    from spans
    inner join {{ silver }}.hashtag_minute_stats as before
        on
            before.minute >= spans.since - interval '1 day'
            and before.minute < spans.until - interval '1 day'
    inner join used on before.hashtag_id = used.hashtag_id
    where
        %(same_hour_yesterday)s
        and (%(instance)s::text is null or before.instance = %(instance)s)
    group by used.hashtag_id
),

compared as (
    select
        used.hashtag_id,
        used.posts,
        used.engagement,
        used.weighted / weights.total as recent,
        coalesce(baseline_hours.posts, yesterday.posts, 0) as baseline
    from used
    cross join weights
    left join baseline_hours on used.hashtag_id = baseline_hours.hashtag_id
    left join yesterday on used.hashtag_id = yesterday.hashtag_id
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
