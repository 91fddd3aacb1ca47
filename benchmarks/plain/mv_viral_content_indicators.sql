with

posts as ({% include 'posts.sql' %}),

ranked as (
    select
        posts.*,
        row_number() over (
            partition by day, source, instance order by engagement desc, created_at desc, uri
        ) as place
    from posts
    where day > (select max(day) from posts) - 7
),

measured as (
    select
        ranked.*,
        coalesce(threads.depth, 0) as thread_depth,
        coalesce(threads.reply_count, 0) as thread_replies,
        coalesce(threads.participants, 1) as thread_participants,
        first_hour.velocity as first_hour_velocity,
        ranked.engagement
        / (greatest(extract(epoch from ranked.measured_at - ranked.created_at), 300) / 3600)::double precision
        as velocity,
        ranked.engagement::double precision / nullif(ranked.followers_count, 0) as reach
    from ranked
    left join {{ silver }}.conversation_threads as threads on ranked.content_key = threads.root_key
    left join (
        select distinct on (looks.content_key)
            looks.content_key,
            looks.engagement_score
            / (greatest(extract(epoch from looks.captured_at - posts.created_at), 300) / 3600)::double precision
            as velocity
        from {{ silver }}.post_metric_snapshots as looks
        inner join posts using (content_key)
        where looks.captured_at <= posts.created_at + interval '1 hour'
        order by looks.content_key, looks.captured_at desc
    ) as first_hour on ranked.content_key = first_hour.content_key
    where ranked.place <= 50
),

scored as (
    select
        measured.*,
        (
            percent_rank() over (order by coalesce(first_hour_velocity, velocity))
            + percent_rank() over (order by coalesce(reach, 0))
            + percent_rank() over (order by thread_depth)
        ) / 3 as score
    from measured
)

select
    row_number() over (order by score desc, engagement desc, uri) as rank,
    score,
    source,
    instance,
    post_id,
    uri,
    url,
    acct,
    followers_count,
    content_text,
    language,
    created_at,
    replies_count as replies,
    reblogs_count as reblogs,
    favourites_count as favourites,
    engagement,
    first_hour_velocity,
    velocity,
    reach,
    reblogs_count::double precision / nullif(favourites_count, 0) as boost_ratio,
    thread_depth,
    thread_replies,
    thread_participants,
    measured_at
from scored
