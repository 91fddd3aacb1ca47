with

posts as ({% include 'posts.sql' %}),

newest as (
    select max(day) as day from posts
),

languages as (
    select language_or_und as language
    from posts
    where day > (select day from newest) - 120
    group by 1
    order by count(*) desc, 1
    limit 30
),

tags as (
    select
        tags.hashtag_id,
        hashtags.name
    from posts
    inner join {{ silver }}.post_hashtags as tags using (content_key)
    inner join {{ silver }}.hashtags using (hashtag_id)
    group by 1, 2
    having max(posts.day) > (select day from newest) - 90
    order by count(*) desc, sum(engagement) desc, 2
    limit 100
),

in_scopes as (
    select
        'overall' as scope,
        '*' as name,
        posts.*
    from posts
    union all
    select
        'language',
        language_or_und,
        posts.*
    from posts
    where language_or_und in (select language from languages)
    union all
    select
        'hashtag',
        tags.name,
        posts.*
    from posts
    inner join {{ silver }}.post_hashtags as carried using (content_key)
    inner join tags using (hashtag_id)
),

days as (
    select
        day,
        scope,
        name,
        count(*) as posts,
        count(mood) as scored,
        avg((label = 'positive')::integer)::double precision as positive_share,
        avg((label = 'neutral')::integer)::double precision as neutral_share,
        avg((label = 'negative')::integer)::double precision as negative_share,
        avg(mood) as mood,
        sum(mood) as moods
    from in_scopes
    group by 1, 2, 3
)

select
    day,
    scope,
    name,
    posts,
    scored,
    positive_share,
    neutral_share,
    negative_share,
    mood,
    week.mood_7d,
    (mood - month.mean) / nullif(month.deviation, 0) as z_score
from days
left join lateral (
    select sum(near.moods) / nullif(sum(near.scored), 0) as mood_7d
    from days as near
    where near.scope = days.scope and near.name = days.name and near.day between days.day - 6 and days.day
) as week on true
left join lateral (
    select
        avg(before.mood) as mean,
        stddev_samp(before.mood) as deviation
    from days as before
    where before.scope = days.scope and before.name = days.name and before.day between days.day - 30 and days.day - 1
    having count(before.mood) >= 7
) as month on true
where day > (select day from newest) - 90
