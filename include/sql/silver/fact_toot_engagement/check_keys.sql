-- Every fact leads to its post, its author's version, its day and its mood.
-- Grain: one broken fact. Rows in: facts loaded since `since`. Rows out: none when all is well; the names of five.
select 'content_key ' || fact.content_key as broken
from {{ silver }}.fact_toot_engagement as fact
left join {{ silver }}.dim_content as content on fact.content_key = content.content_key
left join {{ silver }}.dim_account as account on fact.account_key = account.account_key
left join {{ silver }}.dim_date as day on fact.date_key = day.date_key
left join {{ silver }}.dim_sentiment as sentiment on fact.sentiment_key = sentiment.sentiment_key
where
    fact.loaded_at >= %(since)s
    and (
        content.content_key is null
        or account.account_key is null
        or day.date_key is null
        or sentiment.sentiment_key is null
    )
order by broken
limit 5
