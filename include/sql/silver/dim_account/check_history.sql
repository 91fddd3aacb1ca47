-- Every account's versions follow each other from -infinity to infinity, without a gap and without an overlap; so one
-- of them is current.
-- Grain: one broken version. Rows in: all versions. Rows out: none when all is well; the names of five.
with followed as (
    select
        *,
        lag(valid_to, 1, '-infinity') over history as expected_from,
        lead(valid_from, 1, 'infinity') over history as expected_to
    from {{ silver }}.dim_account
    window history as (partition by source, instance, account_id order by valid_from)
)

select 'account_key ' || account_key || ' of ' || source || '/' || instance || '/' || account_id as broken
from followed
where valid_from <> expected_from or valid_to <> expected_to or is_current <> (valid_to = 'infinity')
order by broken
limit 5
