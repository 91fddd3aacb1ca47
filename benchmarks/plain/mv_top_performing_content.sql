with

posts as ({% include 'posts.sql' %}),

top as (
    select
        posts.*,
        row_number() over (order by engagement desc, created_at desc, uri) as rank,
        engagement::double precision / nullif(followers_count, 0) as engagement_per_follower
    from posts
    order by rank
    limit 1000
)

select
    rank,
    row_number() over (order by engagement_per_follower desc nulls last, rank) as follower_rank,
    source,
    instance,
    post_id,
    uri,
    url,
    content_text,
    language,
    created_at,
    acct,
    display_name,
    followers_count,
    influence_tier,
    replies_count as replies,
    reblogs_count as reblogs,
    favourites_count as favourites,
    engagement,
    engagement_per_follower,
    label,
    mood,
    array(
        select hashtags.name
        from {{ silver }}.post_hashtags
        inner join {{ silver }}.hashtags using (hashtag_id)
        where post_hashtags.content_key = top.content_key
        order by hashtags.name
    ) as hashtags,
    measured_at
from top
