-- Mastodon counts upwards from nothing.
-- Grain: one broken fact. Rows in: facts loaded since `since`. Rows out: none when all is well; the addresses of five.
select content.uri as broken
from {{ silver }}.fact_toot_engagement as fact
inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
where
    fact.loaded_at >= %(since)s
    and content.source = 'mastodon'
    and least(fact.replies_count, fact.reblogs_count, fact.favourites_count) < 0
order by broken
limit 5
