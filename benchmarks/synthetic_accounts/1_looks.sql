-- Accounts looked at twice: long ago as they were, and now under another name.
-- Grain: one look at one account. Rows in: %(changed)s accounts, each %(every)s th. Rows out: two each.

insert into {{ bronze }}.account_observations (
    raw_event_id, observed_at, source, instance, account_id, account_uri, acct, display_name, url, is_bot,
    account_created_at, followers_count, following_count, pipeline_run_id
)
select
    uuidv4(),
    %(until)s::timestamptz - looks.ago,
    account.source,
    account.instance,
    account.account_id,
    known.account_uri,
    account.acct,
    account.display_name || looks.suffix,
    account.url,
    account.is_bot,
    account.account_created_at,
    account.followers_count,
    account.following_count,
    'cli/synthetic'
from (
    select * from {{ silver }}.account_identities
    where account_id::bigint %% %(every)s = 1
    limit %(changed)s
) as known
inner join {{ silver }}.dim_account as account
    on
        known.source = account.source
        and known.instance = account.instance
        and known.account_id = account.account_id
        and account.is_current
cross join (values (interval '100 days', ''), (interval '1 day', ' once more')) as looks (ago, suffix);
