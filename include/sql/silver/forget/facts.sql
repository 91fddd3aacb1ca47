-- Removes the facts of a forgotten account's posts. Grain: one post. Rows in: affected.
delete from {{ silver }}.fact_toot_engagement as fact
using affected
where fact.content_key = affected.content_key
