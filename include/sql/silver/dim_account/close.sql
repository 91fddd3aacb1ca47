-- Ends the current versions that are to end or to go, so that the merge never meets two current ones of an account.
-- Grain: one version. Rows in: histories, account_versions. Rows out: closed versions; the merge says when.
update {{ silver }}.dim_account as account
set
    is_current = false,
    valid_to = coalesce(nullif(account.valid_from, '-infinity'), to_timestamp(0)) + interval '1 microsecond'
from histories
where
    account.source = histories.source
    and account.instance = histories.instance
    and account.account_id = histories.account_id
    and account.is_current
    and not exists (
        select from account_versions as version
        where
            version.history = histories.history
            and version.valid_from = account.valid_from
            and version.valid_to = 'infinity'
    )
