-- Writes the versions; one that begins when it did keeps its key, one that did not change is not written.
-- Grain: one version. Rows in: account_versions. Rows out: one each.
merge into {{ silver }}.dim_account as account
using account_versions as version
    on
        account.source = version.source
        and account.instance = version.instance
        and account.account_id = version.account_id
        and account.valid_from = version.valid_from
when matched and (
    account.acct, account.display_name, account.url, account.is_bot, account.account_created_at,
    account.followers_count, account.following_count, account.influence_tier, account.valid_to
) is distinct from (
    version.acct, version.display_name, version.url, version.is_bot, version.account_created_at,
    version.followers_count, version.following_count, version.influence_tier, version.valid_to
) then
    update
        set
            acct = version.acct,
            display_name = version.display_name,
            url = version.url,
            is_bot = version.is_bot,
            account_created_at = version.account_created_at,
            followers_count = version.followers_count,
            following_count = version.following_count,
            influence_tier = version.influence_tier,
            valid_to = version.valid_to,
            is_current = version.valid_to = 'infinity'
when not matched then insert (
    source, instance, account_id, acct, display_name, url, is_bot, account_created_at,
    followers_count, following_count, influence_tier, valid_from, valid_to, is_current
) values (
    version.source, version.instance, version.account_id, version.acct, version.display_name, version.url,
    version.is_bot, version.account_created_at, version.followers_count, version.following_count,
    version.influence_tier, version.valid_from, version.valid_to, version.valid_to = 'infinity'
)
