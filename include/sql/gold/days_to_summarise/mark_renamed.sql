-- Marks the days of the posts whose author is to be shown under another name; runs before the versions are written.
-- Grain: one day. Rows in: account_versions. Rows out: hardly ever any.

insert into {{ gold }}.days_to_summarise (day)
select distinct (fact.created_at at time zone 'UTC')::date
from histories
inner join account_versions as version on histories.history = version.history
inner join {{ silver }}.dim_account as account
    on
        histories.source = account.source
        and histories.instance = account.instance
        and histories.account_id = account.account_id
        and version.valid_from = account.valid_from
        and version.acct <> account.acct
inner join {{ silver }}.fact_toot_engagement as fact on account.account_key = fact.account_key;
