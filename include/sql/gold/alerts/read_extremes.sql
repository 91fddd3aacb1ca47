-- The posts of a window that the model is surest about, of one label and of some sources or all.
-- Grain: one post. Rows in: scored posts of the window that count. Rows out: the surest few.
select
    account.acct as author,
    content.content_text as text,
    moods.confidence,
    coalesce(fact.replies_count, 0) as replies,
    coalesce(fact.reblogs_count, 0) as reblogs,
    coalesce(fact.favourites_count, 0) as favourites,
    coalesce(content.url, content.uri) as url
from {{ silver }}.fact_toot_engagement as fact
inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
inner join {{ silver }}.dim_account as account on fact.account_key = account.account_key
inner join {{ silver }}.current_moods as moods on fact.content_key = moods.content_key
where
    fact.created_at >= %(since)s
    and fact.created_at < %(until)s
    and fact.deleted_at is null
    and moods.label = %(label)s
    and content.visibility = any(%(visibilities)s::text[])
    and (%(sources)s::text[] is null or content.source = any(%(sources)s::text[]))
order by moods.confidence desc, fact.engagement_score desc, fact.content_key asc
limit %(most)s
