-- Takes the next accounts out of the queue into this batch; whoever rolls back puts them back.
-- Grain: one account. Rows in: at most `batch_size` of the queue. Rows out: each once, in the table touched_accounts.
with claimed as (
    delete from {{ bronze }}.accounts_to_load
    where
        id in (
            select id
            from {{ bronze }}.accounts_to_load
            order by id
            limit %(batch_size)s
            for update skip locked
        )
    returning account_uri
)

insert into touched_accounts (account_uri)
select distinct account_uri
from claimed
