with

all_posts as ({% include 'posts.sql' %}),

posts as (
    select * from all_posts
    where day > (select max(day) from all_posts) - 90
),

languages as (
    select language_or_und as language
    from posts
    group by 1
    order by count(*) desc, 1
    limit 30
),

in_languages as (
    select
        '*' as language,
        posts.created_at,
        posts.created_hour,
        posts.engagement,
        posts.mood
    from posts
    union all
    select
        language_or_und,
        created_at,
        created_hour,
        engagement,
        mood
    from posts
    where language_or_und in (select language from languages)
)

select
    language,
    extract(isodow from created_at at time zone 'UTC')::smallint as weekday,
    to_char(created_at at time zone 'UTC', 'FMDay') as day_name,
    created_hour as hour,
    count(*) as posts,
    count(*) / sum(count(*)) over (partition by language)::double precision as posts_share,
    sum(engagement)::bigint as engagement,
    avg(engagement)::double precision as mean_engagement,
    avg(mood) as mood,
    row_number() over (
        partition by language
        order by
            avg(engagement) desc, count(*) desc, extract(isodow from created_at at time zone 'UTC')::smallint, created_hour
    ) as rank
from in_languages
group by 1, 2, 3, 4
