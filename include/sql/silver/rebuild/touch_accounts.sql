-- The accounts that wrote these posts, as silver has them and as bronze does.
-- Grain: one address. Rows in: touched. Rows out: each once, in the table touched_accounts.
insert into touched_accounts (account_uri)
select observed.account_uri
from touched
inner join {{ bronze }}.post_observations as observed on touched.uri = observed.uri
where observed.account_uri is not null
union
select known.account_uri
from touched
inner join {{ silver }}.dim_content as content on touched.uri = content.uri
inner join {{ silver }}.fact_toot_engagement as fact on content.content_key = fact.content_key
inner join {{ silver }}.dim_account as account on fact.account_key = account.account_key
inner join {{ silver }}.account_identities as known
    on
        account.source = known.source
        and account.instance = known.instance
        and account.account_id = known.account_id
