-- Writes the staged accounts as observations.
-- Grain: one look at one account. Rows in: staged_accounts. Rows out: the address of each that was new.
insert into {{ bronze }}.account_observations (
    raw_event_id, observed_at, source, instance, account_id, account_uri, acct, display_name, url, is_bot,
    account_created_at, followers_count, following_count, statuses_count, pipeline_run_id
)
select
    staged.raw_event_id,
    staged.observed_at,
    staged.source,
    staged.instance,
    staged.account_id,
    staged.account_uri,
    staged.acct,
    staged.display_name,
    staged.url,
    staged.is_bot,
    staged.account_created_at,
    staged.followers_count,
    staged.following_count,
    staged.statuses_count,
    %(pipeline_run_id)s
from staged_accounts as staged
on conflict on constraint uq_account_observations_event do nothing
returning account_uri
