-- Counts again the minutes of the last 48 hours that changed. A minute of a tag without a row had no post that counts,
-- so that its posts are those of this batch; of the others, the posts that did not change are looked up.
-- Grain: one tag on one instance in one minute. Rows in: fact_changes. Rows out: one each with a post that counts.
with tagged as (
    select
        fact_changes.sign,
        fact_changes.content_key,
        date_trunc('minute', fact_changes.created_at, 'UTC') as minute,
        tag.hashtag_id,
        fact_changes.source,
        fact_changes.instance,
        fact_changes.account_uri,
        fact_changes.engagement
    from fact_changes
    cross join lateral unnest(fact_changes.hashtag_ids) as tag (hashtag_id)
    where fact_changes.created_at >= now() - interval '48 hours'
),

changed as (
    select distinct
        minute,
        hashtag_id,
        source,
        instance
    from tagged
),

-- Key by key through the index of tags by time, however much the planner thinks there is.
companions as (
    select
        changed.source,
        changed.instance,
        changed.minute,
        changed.hashtag_id,
        tag.content_key
    from changed
    inner join {{ silver }}.hashtag_minute_stats as known
        on
            changed.minute = known.minute
            and changed.hashtag_id = known.hashtag_id
            and changed.source = known.source
            and changed.instance = known.instance
    cross join
        lateral (
            select post_hashtags.content_key
            from {{ silver }}.post_hashtags
            where
                post_hashtags.hashtag_id = changed.hashtag_id
                and post_hashtags.created_at >= changed.minute
                and post_hashtags.created_at < changed.minute + interval '1 minute'
            order by post_hashtags.created_at
        ) as tag
    where not exists (select from fact_changes where fact_changes.content_key = tag.content_key)
),

counted as (
    select
        minute,
        hashtag_id,
        source,
        instance,
        account_uri,
        engagement,
        (sign = 1)::integer as posts
    from tagged
    union all
    select
        companions.minute,
        companions.hashtag_id,
        companions.source,
        companions.instance,
        post.account_uri,
        post.engagement,
        1 as posts
    from companions
    inner join {{ silver }}.counted_posts(%(visibilities)s::text[]) as post
        on
            companions.content_key = post.content_key
            and companions.source = post.source
            and companions.instance = post.instance
),

by_account as (
    select
        minute,
        hashtag_id,
        source,
        instance,
        account_uri,
        sum(posts) as posts,
        sum(posts * engagement) as engagement
    from counted
    group by minute, hashtag_id, source, instance, account_uri
),

-- With those that none is left of: nothing is looked for in what the planner knows too little about.
wanted as (
    select
        minute,
        hashtag_id,
        source,
        instance,
        sum(posts)::bigint as posts,
        count(account_uri) filter (where posts > 0) as unique_accounts,
        sum(engagement)::bigint as engagement
    from by_account
    group by minute, hashtag_id, source, instance
),

gone as (
    delete from {{ silver }}.hashtag_minute_stats as known
    using wanted
    where
        known.minute = wanted.minute
        and known.hashtag_id = wanted.hashtag_id
        and known.source = wanted.source
        and known.instance = wanted.instance
        and wanted.posts = 0
)

insert into {{ silver }}.hashtag_minute_stats as known (
    minute, hashtag_id, source, instance, posts, unique_accounts, engagement
)
select
    minute,
    hashtag_id,
    source,
    instance,
    posts,
    unique_accounts,
    engagement
from wanted
where posts > 0
order by minute, hashtag_id, source, instance
on conflict (minute, hashtag_id, source, instance) do update set
    posts = excluded.posts,
    unique_accounts = excluded.unique_accounts,
    engagement = excluded.engagement
where
(known.posts, known.unique_accounts, known.engagement)
is distinct from (excluded.posts, excluded.unique_accounts, excluded.engagement)
