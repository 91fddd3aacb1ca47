-- Writes the staged accounts as observations.
-- Grain: one look at one account. Rows in: staged_accounts. Rows out: of each that was new, or that transform makes
-- something else of than it did, its address and the one it had; any other stays as it is.
insert into {{ bronze }}.account_observations as known (
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
on conflict on constraint uq_account_observations_event do update
    set
        source = excluded.source,
        instance = excluded.instance,
        account_id = excluded.account_id,
        account_uri = excluded.account_uri,
        acct = excluded.acct,
        display_name = excluded.display_name,
        url = excluded.url,
        is_bot = excluded.is_bot,
        account_created_at = excluded.account_created_at,
        followers_count = excluded.followers_count,
        following_count = excluded.following_count,
        statuses_count = excluded.statuses_count,
        pipeline_run_id = excluded.pipeline_run_id,
        written_at = now()
    where
    (
        known.source, known.instance, known.account_id, known.account_uri, known.acct, known.display_name,
        known.url, known.is_bot, known.account_created_at, known.followers_count, known.following_count,
        known.statuses_count
    ) is distinct from (
        excluded.source, excluded.instance, excluded.account_id, excluded.account_uri, excluded.acct,
        excluded.display_name, excluded.url, excluded.is_bot, excluded.account_created_at,
        excluded.followers_count, excluded.following_count, excluded.statuses_count
    )
returning new.account_uri, old.account_uri as account_uri_before
