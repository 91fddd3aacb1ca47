-- Removes every look at a forgotten account. Grain: one observation. Rows in: forgotten_accounts.
delete from {{ bronze }}.account_observations as observed
using forgotten_accounts as account
where
    observed.account_uri = account.account_uri
    or (
        observed.source = account.source
        and observed.instance = account.instance
        and observed.account_id = account.account_id
    )
