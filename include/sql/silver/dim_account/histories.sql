-- The accounts whose history is to be written again.
-- Grain: one account. Rows in: touched_accounts, identity_changes. Rows out: each account once, numbered.
create temp table histories on commit drop as
with accounts as (
    select
        known.source,
        known.instance,
        known.account_id
    from touched_accounts
    inner join {{ silver }}.account_identities as known on touched_accounts.account_uri = known.account_uri
    union
    select
        source,
        instance,
        account_id
    from identity_changes
    union
    select
        old_source,
        old_instance,
        old_account_id
    from identity_changes
    where old_source is not null
)

select
    row_number() over () as history,
    source,
    instance,
    account_id
from accounts
