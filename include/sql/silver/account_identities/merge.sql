-- Keeps the earliest sighting of each address.
-- Grain: one account_uri. Rows in: identity_changes. Rows out: one each.
merge into {{ silver }}.account_identities as known
using identity_changes as change on known.account_uri = change.account_uri
when matched then
    update
        set
            source = change.source,
            instance = change.instance,
            account_id = change.account_id,
            acct = change.acct,
            first_seen_at = change.first_seen_at
when not matched then
    insert (account_uri, source, instance, account_id, acct, first_seen_at)
    values (
        change.account_uri, change.source, change.instance, change.account_id, change.acct, change.first_seen_at
    )
