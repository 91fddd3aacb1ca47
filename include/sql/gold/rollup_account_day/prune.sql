-- Lets go of the account days on which nothing that counts is left.
-- Grain: one row per account, day and instance. Rows in: rollup_changes. Rows out: the account days that went.

delete from {{ gold }}.rollup_account_day
using (
    select
        account_no,
        day,
        source,
        instance
    from rollup_changes
    group by account_no, day, source, instance
    having sum(posts) < 0
) as fewer
where
    rollup_account_day.account_no = fewer.account_no
    and rollup_account_day.day = fewer.day
    and rollup_account_day.source = fewer.source
    and rollup_account_day.instance = fewer.instance
    and rollup_account_day.posts = 0;
