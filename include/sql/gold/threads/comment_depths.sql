-- How deep people talk: replies by their steps from the post a thread began with. What counts is what counts in gold;
-- a deleted reply is not counted, and keeps its place, so that those below it are as deep as they were. What hangs
-- below a reply whose parent was never read is left out until that one comes: nobody knows how deep it is.
-- Grain: one community (a subreddit, else an instance), and each of its deepest threads. Rows in: threads of silver.
-- Rows out: communities first (thread_url is null), then at most `most` threads; levels is {"depth": replies}.
with replies as (
    select
        reply.root_key,
        reply.depth,
        root.url as thread_url,
        root.uri as thread_uri,
        coalesce('r/' || substring(root.url from '/r/([^/]+)/comments/'), root.instance) as community
    from {{ silver }}.thread_replies as reply
    inner join {{ silver }}.dim_content as root on reply.root_key = root.content_key
    inner join {{ silver }}.dim_content as content on reply.content_key = content.content_key
    inner join {{ silver }}.fact_toot_engagement as fact on reply.content_key = fact.content_key
    where
        fact.deleted_at is null
        and not root.is_reply
        and coalesce(content.visibility, 'public') = any(%(visibilities)s::text[])
        and (%(source)s::text is null or root.source = %(source)s)
),

of_threads as (
    select
        community,
        root_key,
        coalesce(thread_url, thread_uri) as thread_url,
        depth,
        1 as threads,
        count(*) as replies
    from replies
    group by community, root_key, thread_url, thread_uri, depth
),

of_communities as (
    select
        community,
        depth,
        count(distinct root_key) as threads,
        sum(replies) as replies
    from of_threads
    group by community, depth
),

threads as (
    select
        community,
        thread_url,
        1 as threads,
        sum(replies) as replies,
        round(sum(depth * replies) / sum(replies), 2) as mean_depth,
        max(depth) as max_depth,
        jsonb_object_agg(depth, replies order by depth) as levels
    from of_threads
    group by community, root_key, thread_url
    order by max_depth desc, replies desc, thread_url collate "C" asc
    limit %(most)s
),

communities as (
    select
        of_communities.community,
        null::text as thread_url,
        (
            select count(distinct of_threads.root_key) from of_threads
            where of_threads.community = of_communities.community
        ) as threads,
        sum(of_communities.replies) as replies,
        round(sum(of_communities.depth * of_communities.replies) / sum(of_communities.replies), 2) as mean_depth,
        max(of_communities.depth) as max_depth,
        jsonb_object_agg(of_communities.depth, of_communities.replies order by of_communities.depth) as levels
    from of_communities
    group by of_communities.community
),

told as (
    select * from communities
    union all
    select * from threads
)

select
    community,
    thread_url,
    threads,
    replies,
    mean_depth,
    max_depth,
    levels
from told
order by thread_url is not null, max_depth desc, replies desc, community collate "C" asc, thread_url collate "C" asc
