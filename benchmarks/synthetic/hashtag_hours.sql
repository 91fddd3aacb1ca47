-- Who used which hashtag in the hours that questions look back to, and how often.
-- Grain: one tag on one instance in one hour. Rows in: fact_changes of eight days. Rows out: one each.

with

used as (
    select
        date_trunc('hour', fact_changes.created_at, 'UTC') as hour,
        tag.hashtag_id,
        fact_changes.source,
        fact_changes.instance,
        fact_changes.account_uri,
        count(*) as posts,
        sum(fact_changes.engagement)::bigint as engagement
    from fact_changes
    cross join lateral unnest(fact_changes.hashtag_ids) as tag (hashtag_id)
    where fact_changes.created_at > %(until)s::timestamptz - interval '8 days'
    group by
        date_trunc('hour', fact_changes.created_at, 'UTC'),
        tag.hashtag_id,
        fact_changes.source,
        fact_changes.instance,
        fact_changes.account_uri
),

accounts as (
    insert into {{ silver }}.hashtag_hourly_accounts (hour, hashtag_id, source, instance, account_uri, posts)
    select
        hour,
        hashtag_id,
        source,
        instance,
        account_uri,
        posts
    from used
    order by hour, hashtag_id, source, instance, account_uri
)

insert into {{ silver }}.hashtag_hourly_stats (
    hour, hashtag_id, source, instance, posts, unique_accounts, engagement
)
select
    hour,
    hashtag_id,
    source,
    instance,
    sum(posts),
    count(*),
    sum(engagement)::bigint
from used
group by hour, hashtag_id, source, instance
order by hour, hashtag_id, source, instance;
