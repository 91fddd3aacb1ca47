-- Counts again the minutes of the last 48 hours that changed.
-- Grain: one tag on one instance in one minute. Rows in: fact_changes. Rows out: one each with a post that counts.
with changed as (
    select distinct
        date_trunc('minute', created_at, 'UTC') as minute,
        tag.hashtag_id,
        source,
        instance
    from fact_changes
    cross join lateral unnest(hashtag_ids) as tag (hashtag_id)
    where created_at >= now() - interval '48 hours'
),

wanted as (
    select
        changed.minute,
        changed.hashtag_id,
        changed.source,
        changed.instance,
        total.posts,
        total.unique_accounts,
        total.engagement
    from changed
    -- Key by key through the index of tags by time, however much the planner thinks there is.
    cross join
        lateral (
            select
                count(*) as posts,
                count(distinct row(account.source, account.instance, account.account_id)) filter (
                    where account.account_id <> ''
                ) as unique_accounts,
                sum(fact.engagement_score)::bigint as engagement
            from {{ silver }}.post_hashtags as tag
            inner join {{ silver }}.fact_toot_engagement as fact on tag.content_key = fact.content_key
            inner join {{ silver }}.dim_content as content on tag.content_key = content.content_key
            inner join {{ silver }}.dim_account as account on fact.account_key = account.account_key
            where
                tag.hashtag_id = changed.hashtag_id
                and tag.created_at >= changed.minute
                and tag.created_at < changed.minute + interval '1 minute'
                and content.source = changed.source
                and content.instance = changed.instance
                and fact.deleted_at is null
                and coalesce(content.visibility, 'public') = any(%(visibilities)s::text[])
        ) as total
    where total.posts > 0
),

gone as (
    delete from {{ silver }}.hashtag_minute_stats as known
    using changed
    where
        known.minute = changed.minute
        and known.hashtag_id = changed.hashtag_id
        and known.source = changed.source
        and known.instance = changed.instance
        and not exists (
            select from wanted
            where
                wanted.minute = known.minute
                and wanted.hashtag_id = known.hashtag_id
                and wanted.source = known.source
                and wanted.instance = known.instance
        )
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
on conflict (minute, hashtag_id, source, instance) do update set
    posts = excluded.posts,
    unique_accounts = excluded.unique_accounts,
    engagement = excluded.engagement
where
(known.posts, known.unique_accounts, known.engagement)
is distinct from (excluded.posts, excluded.unique_accounts, excluded.engagement)
