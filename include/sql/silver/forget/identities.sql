-- Removes the addresses of a forgotten account. Grain: one address. Rows in: forgotten_accounts.
delete from {{ silver }}.account_identities as known
using forgotten_accounts as forgotten
where known.account_uri = forgotten.account_uri
