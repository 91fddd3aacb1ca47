-- Requests about the same account: those that know one of its names. Grain: one account.
select
    source,
    instance,
    account_digest,
    digests,
    requested_at
from {{ ops }}.erasures
where digests && %(digests)s::bytea[]
order by requested_at, account_digest
