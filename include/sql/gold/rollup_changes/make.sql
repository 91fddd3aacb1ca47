-- What this load changed, net, ready to be summed: a fact that ends as it began is not here.
-- Grain: one row per fact and state. Every measure carries the row's sign; mood is in millionths, so that sums of it
-- are exact; account_no is null for what nobody wrote. Rows in: fact_changes. Rows out: at most as many.

create temporary table rollup_changes on commit drop as
with

net as (
    select
        content_key,
        account_uri,
        source,
        instance,
        created_at,
        created_hour,
        language,
        label,
        mood,
        replies,
        reblogs,
        favourites,
        engagement,
        hashtag_ids,
        sum(sign)::bigint as posts
    from fact_changes
    group by
        content_key,
        account_uri,
        source,
        instance,
        created_at,
        created_hour,
        language,
        label,
        mood,
        replies,
        reblogs,
        favourites,
        engagement,
        hashtag_ids
    having sum(sign) <> 0
),

-- Account by account in the order of their index, and not post by post or the whole table.
authors as (
    select
        written.account_uri,
        known.account_no
    from (
        select distinct account_uri
        from fact_changes
        order by account_uri
    ) as written
    cross join lateral (
        select rollup_account.account_no
        from {{ gold }}.rollup_account
        where rollup_account.account_uri = written.account_uri
        order by rollup_account.account_uri
        limit 1
    ) as known
)

select
    net.content_key,
    authors.account_no,
    net.source,
    net.instance,
    net.created_at,
    (net.created_at at time zone 'UTC')::date as day,
    net.created_hour as hour,
    coalesce(net.language, 'und') as language,
    net.hashtag_ids,
    net.posts,
    net.posts * coalesce(net.replies, 0) as replies,
    net.posts * coalesce(net.reblogs, 0) as reblogs,
    net.posts * coalesce(net.favourites, 0) as favourites,
    net.posts * net.engagement as engagement,
    net.posts * (net.label is not null)::integer as scored,
    net.posts * coalesce(net.label = 'positive', false)::integer as positive,
    net.posts * coalesce(net.label = 'neutral', false)::integer as neutral,
    net.posts * coalesce(net.label = 'negative', false)::integer as negative,
    net.posts * coalesce(round(net.mood * 1e6), 0)::bigint as mood_micros
from net
left join authors on net.account_uri = authors.account_uri
order by net.content_key;
