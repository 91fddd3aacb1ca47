-- Nobody loads a forgotten account any more. Grain: one account. Rows in: forgotten_accounts.
delete from {{ bronze }}.accounts_to_load as waiting
using forgotten_accounts as account
where waiting.account_uri = account.account_uri
