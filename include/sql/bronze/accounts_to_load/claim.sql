-- Takes the next accounts out of the queue into this batch; whoever rolls back puts them back. Rows are deleted by
-- their place: an emptied queue looks empty to the planner, and a join would read it once for each row.
-- Grain: one account. Rows in: at most `batch_size` of the queue. Rows out: each once, in the table touched_accounts.
with claimed as (
    delete from {{ bronze }}.accounts_to_load
    where
        ctid = any(
            array(
                select ctid
                from {{ bronze }}.accounts_to_load
                order by id
                limit %(batch_size)s
                for update skip locked
            )
        )
    returning account_uri
)

insert into touched_accounts (account_uri)
select distinct account_uri
from claimed
