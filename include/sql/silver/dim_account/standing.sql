-- Every version these accounts have, and whether it is to stay.
-- Grain: one version. Rows in: histories, account_versions. Rows out: one each.
create temp table standing on commit drop as
select
    histories.history,
    account.account_key,
    account.valid_from,
    account.valid_to,
    version.history is not null as stays
from histories
inner join {{ silver }}.dim_account as account
    on
        histories.source = account.source
        and histories.instance = account.instance
        and histories.account_id = account.account_id
left join account_versions as version
    on histories.history = version.history and account.valid_from = version.valid_from
