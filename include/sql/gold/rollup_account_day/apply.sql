-- Adds this load to the accounts' days.
-- Grain: one row per account, day and instance. Rows in: rollup_changes. Rows out: the account days it changes.

insert into {{ gold }}.rollup_account_day (account_no, day, source, instance, posts, engagement)
select
    account_no,
    day,
    source,
    instance,
    sum(posts) as posts,
    sum(engagement) as engagement
from rollup_changes
where account_no is not null
group by account_no, day, source, instance
having sum(posts) <> 0 or sum(engagement) <> 0
order by day, account_no
on conflict (account_no, day, source, instance) do update
    set
        posts = rollup_account_day.posts + excluded.posts,
        engagement = rollup_account_day.engagement + excluded.engagement;
