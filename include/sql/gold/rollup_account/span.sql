-- Looks up the first and the last day of the accounts that lost a post: a minimum cannot be taken away from.
-- Grain: one row per account. Rows in: rollup_changes. Rows out: the accounts whose span shrank.

with

touched as (
    select distinct account_no from rollup_changes where posts < 0
),

spans as (
    select
        touched.account_no,
        (
            select min(days.day)
            from {{ gold }}.rollup_account_day as days
            where days.account_no = touched.account_no
        ) as first_day,
        (
            select max(days.day)
            from {{ gold }}.rollup_account_day as days
            where days.account_no = touched.account_no
        ) as last_day
    from touched
)

update {{ gold }}.rollup_account
set
    first_day = spans.first_day,
    last_day = spans.last_day
from spans
where
    rollup_account.account_no = spans.account_no
    and (rollup_account.first_day, rollup_account.last_day) is distinct from (spans.first_day, spans.last_day);
