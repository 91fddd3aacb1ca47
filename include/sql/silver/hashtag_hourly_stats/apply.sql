-- Keeps posts, accounts and engagement per tag and hour exact by the batch's delta alone: an account counts when the
-- counter of its posts leaves 0, and stops when it is back there.
-- Grain: one tag on one instance in one hour. Rows in: fact_changes. Rows out: one each.
with changed as (
    select
        date_trunc('hour', created_at, 'UTC') as hour,
        tag.hashtag_id,
        source,
        instance,
        account_uri,
        sum(sign) as posts,
        sum(sign * engagement)::bigint as engagement
    from fact_changes
    cross join lateral unnest(hashtag_ids) as tag (hashtag_id)
    group by date_trunc('hour', created_at, 'UTC'), tag.hashtag_id, source, instance, account_uri
),

stepped as (
    insert into {{ silver }}.hashtag_hourly_accounts as known (
        hour, hashtag_id, source, instance, account_uri, posts
    )
    select
        hour,
        hashtag_id,
        source,
        instance,
        account_uri,
        posts
    from changed
    where posts <> 0 and account_uri is not null
    order by hour, hashtag_id, source, instance, account_uri
    on conflict (hour, hashtag_id, source, instance, account_uri) do update
        set
            posts = known.posts + excluded.posts
    returning
        hour,
        hashtag_id,
        source,
        instance,
        (new.posts > 0)::integer - coalesce((old.posts > 0)::integer, 0) as step
),

steps as (
    select
        hour,
        hashtag_id,
        source,
        instance,
        sum(step) as accounts
    from stepped
    group by hour, hashtag_id, source, instance
),

totals as (
    select
        hour,
        hashtag_id,
        source,
        instance,
        sum(posts) as posts,
        sum(engagement) as engagement
    from changed
    group by hour, hashtag_id, source, instance
)

insert into {{ silver }}.hashtag_hourly_stats as known (
    hour, hashtag_id, source, instance, posts, unique_accounts, engagement
)
select
    totals.hour,
    totals.hashtag_id,
    totals.source,
    totals.instance,
    totals.posts,
    coalesce(steps.accounts, 0) as unique_accounts,
    totals.engagement
from totals
left join steps
    on
        totals.hour = steps.hour
        and totals.hashtag_id = steps.hashtag_id
        and totals.source = steps.source
        and totals.instance = steps.instance
where (totals.posts, coalesce(steps.accounts, 0), totals.engagement) <> (0, 0, 0)
order by totals.hashtag_id, totals.hour, totals.source, totals.instance
on conflict (hour, hashtag_id, source, instance) do update set
    posts = known.posts + excluded.posts,
    unique_accounts = known.unique_accounts + excluded.unique_accounts,
    engagement = known.engagement + excluded.engagement
