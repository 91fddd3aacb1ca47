-- Gold: the four views over days, hashtags, hours and moods.
-- "The newest day" of a view is that of the data, not of the clock: a view is a function of what was loaded.

create materialized view {{ gold }}.mv_daily_engagement_summary as
with

newest as (
    select max(day) as day from {{ gold }}.rollup_day
),

days as (
    select
        rollup_day.*,
        newest.day - 90 as before_window,
        mood_micros / 1e6::double precision / nullif(scored, 0) as mood
    from {{ gold }}.rollup_day
    cross join newest
    where rollup_day.day > newest.day - 97
),

compared as (
    select
        days.*,
        nullif(sum(posts) over yesterday, 0)::double precision as posts_yesterday,
        nullif(sum(accounts) over yesterday, 0)::double precision as accounts_yesterday,
        nullif(sum(engagement) over yesterday, 0)::double precision as engagement_yesterday,
        sum(mood) over yesterday as mood_yesterday,
        nullif(sum(posts) over week, 0) / 7::double precision as posts_week,
        nullif(sum(engagement) over week, 0) / 7::double precision as engagement_week,
        sum(mood_micros) over week / 1e6::double precision / nullif(sum(scored) over week, 0) as mood_week
    from days
    window
        yesterday as (
            partition by source, instance order by day
            range between interval '1 day' preceding and interval '1 day' preceding
        ),
        week as (
            partition by source, instance order by day
            range between interval '7 days' preceding and interval '1 day' preceding
        )
)

select
    day,
    source,
    instance,
    posts,
    accounts,
    replies,
    reblogs,
    favourites,
    engagement,
    engagement / posts::double precision as mean_engagement,
    best_engagement,
    least_engagement,
    scored,
    positive / nullif(scored, 0)::double precision as positive_share,
    neutral / nullif(scored, 0)::double precision as neutral_share,
    negative / nullif(scored, 0)::double precision as negative_share,
    mood,
    posts / posts_yesterday - 1 as posts_change,
    accounts / accounts_yesterday - 1 as accounts_change,
    engagement / engagement_yesterday - 1 as engagement_change,
    mood - mood_yesterday as mood_change,
    posts / posts_week - 1 as posts_against_week,
    engagement / engagement_week - 1 as engagement_against_week,
    mood - mood_week as mood_against_week
from compared
where day > before_window;

create unique index uq_mv_daily_engagement_summary
on {{ gold }}.mv_daily_engagement_summary (day, source, instance);
comment on index {{ gold }}.uq_mv_daily_engagement_summary
is 'Serves its refresh beside readers, and daily_summaries: one day on one instance.';
call {{ ops }}.describe(
    '{{ gold }}.mv_daily_engagement_summary',
    'One day on one instance, and on all of them as *. Bounded by the newest 90 days.', $$
day: the day the posts were created, UTC
source: the platform they were first seen on; * for all
instance: the host they were first read from; * for all
posts: how many
accounts: how many wrote them, each counted once
replies: answers to them
reblogs: boosts of them
favourites: favourites or score of them
engagement: sum of their engagement scores
mean_engagement: engagement a post
best_engagement: the greatest engagement score of one of them
least_engagement: the least
scored: how many of them have a mood
positive_share: positive ones among the scored
neutral_share: neutral ones among the scored
negative_share: negative ones among the scored
mood: mean of p(positive) - p(negative), in [-1, 1]
posts_change: posts against the day before: 0.5 is half as many again; null when that had none
accounts_change: accounts against the day before
engagement_change: engagement against the day before
mood_change: mood minus that of the day before
posts_against_week: posts against the mean of the seven days before, days without posts counted as 0
engagement_against_week: engagement against the mean of the seven days before
mood_against_week: mood minus the mean mood of the posts of the seven days before
$$
);

create materialized view {{ gold }}.mv_hashtag_performance as
with

newest as (
    select
        day,
        1 + (max(hour) + 1) / 24::double precision as recent_days
    from {{ gold }}.rollup_hour
    where day = (select max(day) from {{ gold }}.rollup_day)
    group by day
),

most_used as (
    select hashtag_id
    from {{ gold }}.rollup_hashtag
    where last_day > (select day from newest) - 90
    order by posts desc
    fetch first 1000 rows with ties
),

lately as (
    select top.hashtag_id
    from newest
    cross join generate_series(0, 1) as days_back
    cross join lateral (
        select rollup_hashtag_day.hashtag_id
        from {{ gold }}.rollup_hashtag_day
        where rollup_hashtag_day.day = newest.day - days_back
        order by rollup_hashtag_day.posts desc
        fetch first 200 rows with ties
    ) as top
),

ranked as (
    select
        rollup_hashtag.*,
        hashtags.name,
        hashtags.shown,
        row_number() over (
            order by rollup_hashtag.posts desc, rollup_hashtag.engagement desc, hashtags.name asc
        ) as rank
    from (
        select hashtag_id from most_used
        union
        select hashtag_id from lately
    ) as candidates
    inner join {{ gold }}.rollup_hashtag on candidates.hashtag_id = rollup_hashtag.hashtag_id
    inner join {{ silver }}.hashtags on candidates.hashtag_id = hashtags.hashtag_id
),

tags as (
    select * from ranked
    where rank <= 1000 or hashtag_id in (select hashtag_id from lately)
),

-- Tag by tag: what a refresh reads is bounded by the tags that are shown, however many others there are.
recent as (
    select
        tags.hashtag_id,
        sums.*
    from tags
    cross join newest
    cross join lateral (
        select
            sum(days.posts)::bigint as posts_90d,
            sum(days.engagement)::bigint as engagement_90d,
            coalesce(sum(days.posts) filter (where days.day > newest.day - 2), 0)::bigint as recent_posts,
            coalesce(sum(days.posts) filter (where days.day > newest.day - 2), 0) / newest.recent_days as velocity,
            coalesce(
                sum(days.posts) filter (where days.day between newest.day - 8 and newest.day - 2), 0
            ) / 7::double precision as baseline
        from {{ gold }}.rollup_hashtag_day as days
        where days.hashtag_id = tags.hashtag_id and days.day > newest.day - 90
    ) as sums
)

select
    tags.name as hashtag,
    tags.shown,
    case when tags.rank <= 1000 then tags.rank end as rank,
    tags.posts,
    tags.accounts,
    tags.engagement,
    tags.engagement / tags.posts::double precision as mean_engagement,
    recent.posts_90d,
    recent.engagement_90d,
    recent.recent_posts,
    recent.velocity,
    recent.baseline,
    (recent.velocity + 1) / (recent.baseline + 1) as growth,
    (recent.velocity + 1) / (recent.baseline + 1) * ln(1 + recent.recent_posts) as trending_score,
    tags.mood_micros / 1e6::double precision / nullif(tags.scored, 0) as mood,
    tags.positive / nullif(tags.scored, 0)::double precision as positive_share,
    tags.neutral / nullif(tags.scored, 0)::double precision as neutral_share,
    tags.negative / nullif(tags.scored, 0)::double precision as negative_share,
    (
        select coalesce((array_agg(hashtags.name order by pairs.posts desc, hashtags.name asc))[1:5], '{}')
        from (
            select
                rollup_hashtag_pair.other_id,
                rollup_hashtag_pair.posts
            from {{ gold }}.rollup_hashtag_pair
            where rollup_hashtag_pair.hashtag_id = tags.hashtag_id
            order by rollup_hashtag_pair.posts desc
            fetch first 5 rows with ties
        ) as pairs
        inner join {{ silver }}.hashtags on pairs.other_id = hashtags.hashtag_id
    ) as co_tags,
    tags.first_day,
    tags.last_day
from tags
inner join recent on tags.hashtag_id = recent.hashtag_id;

create unique index uq_mv_hashtag_performance on {{ gold }}.mv_hashtag_performance (hashtag);
comment on index {{ gold }}.uq_mv_hashtag_performance
is 'Serves its refresh beside readers, and people: one hashtag by its folded name.';
call {{ ops }}.describe(
    '{{ gold }}.mv_hashtag_performance',
    'One hashtag. Bounded by the 1,000 with most posts that were used in the newest 90 days, and the 200 with most '
    'posts of each of the newest two days (and their equals).', $$
hashtag: the tag, folded
shown: as it is written
rank: place by posts; null below 1,000
posts: its posts
accounts: how many wrote them, each counted once
engagement: sum of their engagement scores
mean_engagement: engagement a post
posts_90d: its posts of the newest 90 days
engagement_90d: sum of their engagement scores
recent_posts: its posts of the newest day and the one before
velocity: these, a day; the newest day counts as far as it has gone
baseline: its posts a day in the seven days before those two
growth: (velocity + 1) / (baseline + 1): above 1 it rises; the 1 keeps small counts small
trending_score: growth times the logarithm of 1 + recent_posts
mood: mean of p(positive) - p(negative)
positive_share: positive ones among the scored
neutral_share: neutral ones among the scored
negative_share: negative ones among the scored
co_tags: the five tags most used beside it
first_day: day of its earliest post
last_day: day of its latest post
$$
);

create materialized view {{ gold }}.mv_hourly_posting_patterns as
with

hours as (
    select *
    from {{ gold }}.rollup_hour
    where day > (select max(day) from {{ gold }}.rollup_day) - 90
),

languages as (
    select language
    from hours
    group by language
    order by sum(posts) desc, language asc
    limit 30
),

patterns as (
    select
        coalesce(language, '*') as language,
        extract(isodow from day)::smallint as weekday,
        hour,
        sum(posts)::bigint as posts,
        sum(engagement)::bigint as engagement,
        sum(scored)::bigint as scored,
        sum(mood_micros)::bigint as mood_micros
    from hours
    group by grouping sets ((language, weekday, hour), (weekday, hour))
)

select
    language,
    weekday,
    (array['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])[weekday] as day_name,
    hour,
    posts,
    posts / sum(posts) over by_language::double precision as posts_share,
    engagement,
    engagement / posts::double precision as mean_engagement,
    mood_micros / 1e6::double precision / nullif(scored, 0) as mood,
    row_number() over (
        partition by language
        order by engagement / posts::double precision desc, posts desc, weekday asc, hour asc
    ) as rank
from patterns
where language = '*' or language in (select languages.language from languages)
window by_language as (partition by language);

create unique index uq_mv_hourly_posting_patterns
on {{ gold }}.mv_hourly_posting_patterns (language, weekday, hour);
comment on index {{ gold }}.uq_mv_hourly_posting_patterns
is 'Serves its refresh beside readers, and people: one hour of the week in one language.';
call {{ ops }}.describe(
    '{{ gold }}.mv_hourly_posting_patterns',
    'One hour of the week, in one language and in all of them as *. Bounded by the newest 90 days and the 30 '
    'languages with most posts in them.', $$
language: the language of the posts; und where nobody knows, * for all
weekday: ISO, Monday is 1
day_name: Monday to Sunday
hour: 0 to 23, UTC
posts: posts of that hour of that weekday
posts_share: their share of the language's posts
engagement: sum of their engagement scores
mean_engagement: engagement a post
mood: mean of p(positive) - p(negative)
rank: place among the language's hours by engagement a post: the best hour is the row with rank 1
$$
);

create materialized view {{ gold }}.mv_sentiment_trends as
with

newest as (
    select max(day) as day from {{ gold }}.rollup_day
),

by_language as (
    select
        rollup_hour.day,
        rollup_hour.language,
        rollup_hour.posts,
        rollup_hour.scored,
        rollup_hour.positive,
        rollup_hour.neutral,
        rollup_hour.negative,
        rollup_hour.mood_micros
    from {{ gold }}.rollup_hour
    where rollup_hour.day > (select newest.day from newest) - 120
),

languages as (
    select language
    from by_language
    group by language
    order by sum(posts) desc, language asc
    limit 30
),

most_used as (
    select
        rollup_hashtag.hashtag_id,
        rollup_hashtag.posts,
        rollup_hashtag.engagement
    from {{ gold }}.rollup_hashtag
    where rollup_hashtag.last_day > (select newest.day from newest) - 90
    order by rollup_hashtag.posts desc
    fetch first 100 rows with ties
),

tags as (
    select
        most_used.hashtag_id,
        hashtags.name,
        row_number() over (
            order by most_used.posts desc, most_used.engagement desc, hashtags.name asc
        ) as rank
    from most_used
    inner join {{ silver }}.hashtags on most_used.hashtag_id = hashtags.hashtag_id
),

series as (
    select
        day,
        case when language is null then 'overall' else 'language' end as scope,
        coalesce(language, '*') as name,
        sum(posts)::bigint as posts,
        sum(scored)::bigint as scored,
        sum(positive)::bigint as positive,
        sum(neutral)::bigint as neutral,
        sum(negative)::bigint as negative,
        sum(mood_micros)::bigint as mood_micros
    from by_language
    group by grouping sets ((day, language), (day))
    having language is null or language in (select languages.language from languages)
    union all
    select
        days.day,
        'hashtag' as scope,
        tags.name,
        days.posts,
        days.scored,
        days.positive,
        days.neutral,
        days.negative,
        days.mood_micros
    from tags
    cross join newest
    cross join
        lateral (
            select rollup_hashtag_day.*
            from {{ gold }}.rollup_hashtag_day
            where rollup_hashtag_day.hashtag_id = tags.hashtag_id and rollup_hashtag_day.day > newest.day - 120
            order by rollup_hashtag_day.day asc
            limit 120
        ) as days
    where tags.rank <= 100
),

moods as (
    select
        series.*,
        mood_micros / 1e6::double precision / nullif(scored, 0) as mood
    from series
),

compared as (
    select
        moods.*,
        sum(mood_micros) over week / 1e6::double precision / nullif(sum(scored) over week, 0) as mood_7d,
        count(mood) over month as days_before,
        avg(mood) over month as mean_before,
        nullif(stddev_samp(mood) over month, 0) as deviation_before
    from moods
    window
        week as (
            partition by scope, name order by day
            range between interval '6 days' preceding and current row
        ),
        month as (
            partition by scope, name order by day
            range between interval '30 days' preceding and interval '1 day' preceding
        )
)

select
    day,
    scope,
    name,
    posts,
    scored,
    positive / nullif(scored, 0)::double precision as positive_share,
    neutral / nullif(scored, 0)::double precision as neutral_share,
    negative / nullif(scored, 0)::double precision as negative_share,
    mood,
    mood_7d,
    case when days_before >= 7 then (mood - mean_before) / deviation_before end as z_score
from compared
where day > (select newest.day from newest) - 90;

create unique index uq_mv_sentiment_trends on {{ gold }}.mv_sentiment_trends (scope, name, day);
comment on index {{ gold }}.uq_mv_sentiment_trends
is 'Serves its refresh beside readers, and people: the mood of one tag or language over time.';
call {{ ops }}.describe(
    '{{ gold }}.mv_sentiment_trends',
    'The mood of one day: overall, in one language, of one hashtag. Bounded by the newest 90 days, the 30 languages '
    'with most posts in them, and the 100 hashtags with most posts that were used in them.', $$
day: the day the posts were created, UTC
scope: overall, language or hashtag
name: the language or the folded hashtag; * overall
posts: posts of the day
scored: how many of them have a mood
positive_share: positive ones among the scored
neutral_share: neutral ones among the scored
negative_share: negative ones among the scored
mood: mean of p(positive) - p(negative), in [-1, 1]
mood_7d: the same over the posts of seven days, this one the last
z_score: standard deviations of the daily moods of the 30 days before between their mean and mood; null under 7 days
$$
);

grant maintain on -- noqa: PRS
{{ gold }}.mv_daily_engagement_summary,
{{ gold }}.mv_hashtag_performance,
{{ gold }}.mv_hourly_posting_patterns,
{{ gold }}.mv_sentiment_trends
to chorus_loader;

-- down

drop materialized view {{ gold }}.mv_sentiment_trends;
drop materialized view {{ gold }}.mv_hourly_posting_patterns;
drop materialized view {{ gold }}.mv_hashtag_performance;
drop materialized view {{ gold }}.mv_daily_engagement_summary;
