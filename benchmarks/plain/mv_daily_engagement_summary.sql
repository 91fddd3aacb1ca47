with

posts as ({% include 'posts.sql' %}),

days as (
    select
        day,
        coalesce(source, '*') as source,
        coalesce(instance, '*') as instance,
        count(*) as posts,
        count(distinct account) as accounts,
        sum(replies)::bigint as replies,
        sum(reblogs)::bigint as reblogs,
        sum(favourites)::bigint as favourites,
        sum(engagement)::bigint as engagement,
        avg(engagement)::double precision as mean_engagement,
        max(engagement) as best_engagement,
        min(engagement) as least_engagement,
        count(mood) as scored,
        avg((label = 'positive')::integer)::double precision as positive_share,
        avg((label = 'neutral')::integer)::double precision as neutral_share,
        avg((label = 'negative')::integer)::double precision as negative_share,
        avg(mood) as mood,
        sum(mood) as moods
    from posts
    where day > (select max(day) from posts) - 97
    group by grouping sets ((day, source, instance), (day))
)

select
    day,
    source,
    instance,
    days.posts,
    days.accounts,
    days.replies,
    days.reblogs,
    days.favourites,
    days.engagement,
    days.mean_engagement,
    days.best_engagement,
    days.least_engagement,
    days.scored,
    days.positive_share,
    days.neutral_share,
    days.negative_share,
    days.mood,
    days.posts::double precision / yesterday.posts - 1 as posts_change,
    days.accounts::double precision / yesterday.accounts - 1 as accounts_change,
    days.engagement::double precision / nullif(yesterday.engagement, 0) - 1 as engagement_change,
    days.mood - yesterday.mood as mood_change,
    days.posts / week.posts - 1 as posts_against_week,
    days.engagement / nullif(week.engagement, 0) - 1 as engagement_against_week,
    days.mood - week.mood as mood_against_week
from days
left join (
    select
        day + 1 as day,
        source,
        instance,
        posts,
        accounts,
        engagement,
        mood
    from days
) as yesterday using (day, source, instance)
left join lateral (
    select
        sum(before.posts) / 7::double precision as posts,
        sum(before.engagement) / 7::double precision as engagement,
        sum(before.moods) / nullif(sum(before.scored), 0) as mood
    from days as before
    where
        before.source = days.source
        and before.instance = days.instance
        and before.day between days.day - 7 and days.day - 1
) as week on true
where day > (select max(day) from posts) - 90
