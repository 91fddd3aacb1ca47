-- Counts the threads that something happened in: what counts, as in gold.
-- Grain: one thread. Rows in: posts, moved. Rows out: one per thread with a reply that counts.
with roots as (
    select old_root_key as root_key
    from moved
    where old_root_key is not null
    union
    select coalesce(reply.root_key, changed.content_key)
    from (
        select content_key from posts
        union
        select content_key from moved
    ) as changed
    left join {{ silver }}.thread_replies as reply on changed.content_key = reply.content_key
),

members as (
    select
        root_key,
        root_key as content_key,
        0 as depth
    from roots
    where exists (select from {{ silver }}.thread_replies as reply where reply.root_key = roots.root_key)
    union all
    select
        roots.root_key,
        reply.content_key,
        reply.depth
    from roots
    inner join {{ silver }}.thread_replies as reply on roots.root_key = reply.root_key
),

wanted as (
    select
        members.root_key,
        max(members.depth) as depth,
        count(*) filter (where members.depth > 0) as reply_count,
        count(distinct row(account.source, account.instance, account.account_id)) filter (
            where account.account_id <> ''
        ) as participants
    from members
    inner join {{ silver }}.fact_toot_engagement as fact on members.content_key = fact.content_key
    inner join {{ silver }}.dim_content as content on members.content_key = content.content_key
    inner join {{ silver }}.dim_account as account on fact.account_key = account.account_key
    where fact.deleted_at is null and coalesce(content.visibility, 'public') = any(%(visibilities)s::text[])
    group by members.root_key
    having count(*) filter (where members.depth > 0) > 0
),

gone as (
    delete from {{ silver }}.conversation_threads as known
    using roots
    where
        known.root_key = roots.root_key
        and not exists (select from wanted where wanted.root_key = known.root_key)
)

insert into {{ silver }}.conversation_threads as known (
    root_key, depth, reply_count, participants
)
select
    root_key,
    depth,
    reply_count,
    participants
from wanted
on conflict (root_key) do update set
    depth = excluded.depth,
    reply_count = excluded.reply_count,
    participants = excluded.participants
where
(known.depth, known.reply_count, known.participants)
is distinct from (excluded.depth, excluded.reply_count, excluded.participants)
