-- Every fact points at the version of its author that was valid when it was written.
-- Grain: one broken fact. Rows in: facts loaded since `since`. Rows out: none when all is well; the names of five.
select 'content_key ' || fact.content_key || ' under account_key ' || fact.account_key as broken
from {{ silver }}.fact_toot_engagement as fact
inner join {{ silver }}.dim_account as account on fact.account_key = account.account_key
where
    fact.loaded_at >= %(since)s
    and not (fact.created_at >= account.valid_from and fact.created_at < account.valid_to)
order by broken
limit 5
