-- What there is to say of the %(days)s.
-- Grain: one day on one instance, and on all of them as *. Rows in: rollups, the hourly counts of tags, and the best
-- posts of each day. Rows out: one each, the tags and posts as JSON.

with

days as (
    select rollup_day.*
    from {{ gold }}.rollup_day
    where rollup_day.day = any(%(days)s::date[])
),

compared as (
    select day from days
    union
    select day - 1 from days
),

used as (
    select
        compared.day,
        coalesce(stats.source, '*') as source,
        coalesce(stats.instance, '*') as instance,
        stats.hashtag_id,
        sum(stats.posts)::bigint as posts
    from compared
    inner join {{ silver }}.hashtag_hourly_stats as stats
        on
            stats.hour >= compared.day::timestamp at time zone 'UTC'
            and stats.hour < (compared.day + 1)::timestamp at time zone 'UTC'
    where stats.posts > 0
    group by
        grouping sets ((compared.day, stats.source, stats.instance, stats.hashtag_id), (compared.day, stats.hashtag_id))
),

tags as (
    select
        used.day,
        used.source,
        used.instance,
        hashtags.name,
        used.posts,
        coalesce(before.posts, 0) as posts_before,
        row_number() over (
            partition by used.day, used.source, used.instance
            order by used.posts desc, hashtags.name asc
        ) as place,
        row_number() over (
            partition by used.day, used.source, used.instance
            order by used.posts - coalesce(before.posts, 0) desc, used.posts desc, hashtags.name asc
        ) as rise
    from used
    left join used as before
        on
            used.hashtag_id = before.hashtag_id
            and used.source = before.source
            and used.instance = before.instance
            and used.day - 1 = before.day
    inner join {{ silver }}.hashtags on used.hashtag_id = hashtags.hashtag_id
),

spoken_of as (
    select
        day,
        source,
        instance,
        jsonb_agg(jsonb_build_array(name, posts) order by place) filter (where place <= 5) as hashtags,
        jsonb_agg(jsonb_build_array(name, posts_before, posts) order by rise) filter (
            where rise <= 3 and posts > posts_before
        ) as risers
    from tags
    where place <= 5 or rise <= 3
    group by day, source, instance
),

best as (
    select
        days.day,
        days.source,
        days.instance,
        top.content_key,
        top.engagement,
        top.created_at
    from days
    cross join
        lateral (
            select
                rollup_post.content_key,
                rollup_post.engagement,
                rollup_post.created_at
            from {{ gold }}.rollup_post
            where
                rollup_post.day = days.day
                and rollup_post.source = days.source
                and rollup_post.instance = days.instance
            order by rollup_post.engagement desc, rollup_post.created_at desc
            fetch first 3 rows with ties
        ) as top
),

placed as (
    select
        mattered.day,
        mattered.source,
        mattered.instance,
        dim_account.acct,
        dim_content.uri,
        mattered.engagement,
        row_number() over (
            partition by mattered.day, mattered.source, mattered.instance
            order by mattered.engagement desc, mattered.created_at desc, dim_content.uri asc
        ) as place
    from (
        select * from best
        union all
        select
            day,
            '*' as source,
            '*' as instance,
            content_key,
            engagement,
            created_at
        from best
    ) as mattered
    inner join {{ silver }}.dim_content on mattered.content_key = dim_content.content_key
    inner join {{ silver }}.fact_toot_engagement as fact on mattered.content_key = fact.content_key
    inner join {{ silver }}.dim_account on fact.account_key = dim_account.account_key
),

mattered as (
    select
        day,
        source,
        instance,
        jsonb_agg(jsonb_build_array(acct, uri, engagement) order by place) as posts
    from placed
    where place <= 3
    group by day, source, instance
)

select
    days.day,
    days.source,
    days.instance,
    days.posts,
    days.accounts,
    days.engagement,
    days.scored,
    days.positive,
    days.neutral,
    days.negative,
    days.mood_micros,
    before.posts as posts_before,
    before.scored as scored_before,
    before.mood_micros as mood_micros_before,
    coalesce(spoken_of.hashtags, '[]') as hashtags,
    coalesce(spoken_of.risers, '[]') as risers,
    coalesce(mattered.posts, '[]') as best_posts
from days
left join {{ gold }}.rollup_day as before
    on days.day - 1 = before.day and days.source = before.source and days.instance = before.instance
left join spoken_of
    on days.day = spoken_of.day and days.source = spoken_of.source and days.instance = spoken_of.instance
left join mattered
    on days.day = mattered.day and days.source = mattered.source and days.instance = mattered.instance
order by days.day, days.source, days.instance;
