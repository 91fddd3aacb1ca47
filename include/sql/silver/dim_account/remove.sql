-- Removes versions that late arrivals merged into others, or whose address turned out to mean another account, as soon
-- as no fact points at them: the first kind before facts are written, the second after.
-- Grain: one version. Rows in: histories, account_versions. Rows out: gone.
delete from {{ silver }}.dim_account as account
using histories
where
    account.source = histories.source
    and account.instance = histories.instance
    and account.account_id = histories.account_id
    and not exists (
        select from account_versions as version
        where
            version.history = histories.history
            and version.valid_from = account.valid_from
    )
    and not exists (
        select from {{ silver }}.fact_toot_engagement as fact
        where fact.account_key = account.account_key
    )
