-- Every address behind these accounts.
-- Grain: one address. Rows in: histories. Rows out: one or more per account.
create temp table addresses on commit drop as
select
    histories.history,
    known.account_uri,
    known.acct,
    known.first_seen_at
from histories
inner join {{ silver }}.account_identities as known
    on
        histories.source = known.source
        and histories.instance = known.instance
        and histories.account_id = known.account_id
