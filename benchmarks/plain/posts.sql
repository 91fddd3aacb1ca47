-- Every post that counts, straight from the facts.
select
    fact.*,
    coalesce(fact.replies_count, 0) as replies,
    coalesce(fact.reblogs_count, 0) as reblogs,
    coalesce(fact.favourites_count, 0) as favourites,
    fact.engagement_score as engagement,
    (fact.created_at at time zone 'UTC')::date as day,
    content.source,
    content.instance,
    content.post_id,
    content.uri,
    content.url,
    content.content_text,
    content.language,
    coalesce(content.language, 'und') as language_or_und,
    author.acct,
    author.display_name,
    author.followers_count,
    author.influence_tier,
    (author.source, author.instance, author.account_id)::text as account,
    author.source as account_source,
    author.instance as account_instance,
    author.account_id,
    moods.label,
    moods.mood
from {{ silver }}.fact_toot_engagement as fact
inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
inner join {{ silver }}.dim_account as author on fact.account_key = author.account_key
left join {{ silver }}.current_moods as moods on fact.content_key = moods.content_key
where fact.deleted_at is null and content.visibility in ('public', 'unlisted')
