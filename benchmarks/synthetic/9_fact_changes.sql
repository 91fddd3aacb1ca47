-- What a load of the posts after %(first)s would have changed: as counted_posts says it, joined once instead of post
-- by post. Every account made up here has one address.
-- Grain: one post that counts. Rows in: the posts after %(first)s. Rows out: one each, with sign 1.

create temporary table fact_changes on commit drop as
select
    1::smallint as sign,
    fact.content_key,
    known.account_uri,
    fact.account_key,
    content.source,
    content.instance,
    fact.date_key,
    fact.created_hour,
    fact.created_at,
    content.language,
    scored.label,
    scored.mood,
    coalesce(fact.replies_count, 0) as replies,
    coalesce(fact.reblogs_count, 0) as reblogs,
    coalesce(fact.favourites_count, 0) as favourites,
    fact.engagement_score as engagement,
    coalesce(tags.ids, '{}') as hashtag_ids
from {{ silver }}.fact_toot_engagement as fact
inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
inner join {{ silver }}.dim_account as author on fact.account_key = author.account_key
inner join {{ silver }}.account_identities as known
    on
        author.source = known.source
        and author.instance = known.instance
        and author.account_id = known.account_id
left join {{ silver }}.current_moods as scored on fact.content_key = scored.content_key
left join (
    select
        content_key,
        array_agg(hashtag_id order by hashtag_id) as ids
    from {{ silver }}.post_hashtags
    where content_key > %(first)s
    group by content_key
) as tags on fact.content_key = tags.content_key
where
    fact.content_key > %(first)s
    and fact.deleted_at is null
    and content.visibility in ('public', 'unlisted');
