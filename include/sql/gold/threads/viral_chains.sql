-- Conversations that went deep and moved many: paths of answers from the post a thread began with, at least `min_depth`
-- steps long, whose posts together have at least `min_engagement`; engagement need not grow on the way. A chain ends
-- where nothing below it would do as well; of what it shares with a chain before it only is told how many steps that
-- are, and of which chain: the first steps of that one.
-- A deleted post keeps its place, adds nothing and is no end. What hangs below a reply whose parent was never read
-- begins nowhere that is known, and is left out until that one comes.
-- Grain: one chain. Rows in: threads of silver. Rows out: at most `most`, the longest first, then the strongest;
-- steps is the path from the root down, or from where it leaves the chain `shared_with`.
with recursive
counted as not materialized (
    select
        fact.content_key,
        content.url,
        content.uri,
        account.acct,
        fact.deleted_at is null and coalesce(content.visibility, 'public') = any(%(visibilities)s::text[]) as counts,
        fact.engagement_score
    from {{ silver }}.fact_toot_engagement as fact
    inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
    inner join {{ silver }}.dim_account as account on fact.account_key = account.account_key
),

walk as (
    select
        thread.root_key,
        thread.root_key as content_key,
        null::bigint as parent_key,
        0 as depth,
        case when counted.counts then counted.engagement_score else 0 end::numeric as engagement,
        counted.counts
    from {{ silver }}.conversation_threads as thread
    inner join counted on thread.root_key = counted.content_key
    inner join {{ silver }}.dim_content as root on thread.root_key = root.content_key
    where
        thread.depth >= %(min_depth)s
        and not root.is_reply
        and (%(source)s::text is null or root.source = %(source)s)
    union all
    select
        walk.root_key,
        reply.content_key,
        reply.parent_key,
        walk.depth + 1 as depth,
        walk.engagement + case when counted.counts then counted.engagement_score else 0 end as engagement,
        counted.counts
    from walk
    inner join {{ silver }}.thread_replies as reply on walk.content_key = reply.parent_key
    inner join counted on reply.content_key = counted.content_key
),

qualified as (
    select * from walk
    where counts and depth >= %(min_depth)s and engagement >= %(min_engagement)s
),

passed as (
    select parent_key as content_key
    from qualified
    union
    select walk.parent_key
    from passed
    inner join walk on passed.content_key = walk.content_key
    where walk.parent_key is not null
),

ends as (
    select
        qualified.*,
        row_number() over (order by qualified.depth desc, qualified.engagement desc, qualified.content_key asc) as place
    from qualified
    where not exists (select from passed where passed.content_key = qualified.content_key)
    order by place
    limit %(most)s
),

paths as (
    select
        place,
        content_key,
        parent_key,
        depth
    from ends
    union all
    select
        paths.place,
        walk.content_key,
        walk.parent_key,
        walk.depth
    from paths
    inner join walk on paths.parent_key = walk.content_key
),

firsts as (
    select
        *,
        min(place) over (partition by content_key) as first_place
    from paths
)

select
    ends.place,
    ends.depth,
    ends.engagement::bigint as engagement,
    coalesce('r/' || substring(root.url from '/r/([^/]+)/comments/'), root.instance) as community,
    left(root.content_text, 100) as begins,
    (array_agg(firsts.first_place order by firsts.depth desc) filter (where firsts.first_place < ends.place))[1]
        as shared_with,
    count(*) filter (where firsts.first_place < ends.place) as shared_steps,
    jsonb_agg(
        jsonb_build_object(
            'url', coalesce(counted.url, counted.uri),
            'acct', counted.acct,
            'engagement', case when counted.counts then counted.engagement_score else 0 end
        ) order by firsts.depth
    ) filter (where firsts.first_place = ends.place) as steps
from ends
inner join firsts on ends.place = firsts.place
inner join counted on firsts.content_key = counted.content_key
inner join {{ silver }}.dim_content as root on ends.root_key = root.content_key
group by ends.place, ends.depth, ends.engagement, root.url, root.instance, root.content_text
order by ends.place
