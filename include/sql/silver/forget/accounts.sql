-- Removes all versions of a forgotten account. Grain: one version. Rows in: forgotten_accounts.
delete from {{ silver }}.dim_account as account
using {{ silver }}.account_identities as known, forgotten_accounts as forgotten
where
    known.account_uri = forgotten.account_uri
    and account.source = known.source
    and account.instance = known.instance
    and account.account_id = known.account_id
