-- Leads posts whose author's history was rewritten to the version that was valid when they were written.
-- Grain: one post. Rows in: strays. Rows out: one each.
update {{ silver }}.fact_toot_engagement as fact
set
    account_key = strays.account_key,
    loaded_at = now()
from strays
where fact.content_key = strays.content_key
