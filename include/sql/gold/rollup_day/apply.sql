-- Adds this load to the accounts' days, and to the days, each instance's and all together (*): an account counts on a
-- day when its posts leave 0, and stops when they are back there.
-- Grain: one row per day and instance. Rows in: rollup_changes. Rows out: the days it touches.

with

stepped as (
    insert into {{ gold }}.rollup_account_day as known (account_no, day, source, instance, posts, engagement)
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
            posts = known.posts + excluded.posts,
            engagement = known.engagement + excluded.engagement
    returning
        account_no,
        day,
        source,
        instance,
        coalesce(old.posts, 0) as posts_before,
        new.posts as posts_after
),

everywhere as (
    select
        account_no,
        day,
        sum(posts_before) as posts_before,
        sum(posts_after) as posts_after
    from stepped
    group by account_no, day
    having (sum(posts_before) > 0) <> (sum(posts_after) > 0)
),

steps as (
    select
        day,
        source,
        instance,
        posts_before,
        posts_after
    from stepped
    union all
    select
        everywhere.day,
        '*' as source,
        '*' as instance,
        everywhere.posts_before,
        everywhere.posts_after
    from everywhere
    -- As it was before: a statement does not see what it writes. Whoever wrote on other instances, too, is no step.
    cross join
        lateral (
            select coalesce(sum(before.posts), 0) as posts
            from {{ gold }}.rollup_account_day as before
            where before.account_no = everywhere.account_no and before.day = everywhere.day
        ) as known
    where known.posts = everywhere.posts_before
),

accounts as (
    select
        day,
        source,
        instance,
        sum((posts_after > 0)::integer - (posts_before > 0)::integer) as accounts
    from steps
    group by day, source, instance
),

sums as (
    select
        day,
        coalesce(source, '*') as source,
        coalesce(instance, '*') as instance,
        sum(posts) as posts,
        sum(replies) as replies,
        sum(reblogs) as reblogs,
        sum(favourites) as favourites,
        sum(engagement) as engagement,
        sum(scored) as scored,
        sum(positive) as positive,
        sum(neutral) as neutral,
        sum(negative) as negative,
        sum(mood_micros) as mood_micros
    from rollup_changes
    group by grouping sets ((day, source, instance), (day))
)

insert into {{ gold }}.rollup_day (
    day, source, instance, posts, accounts, replies, reblogs, favourites, engagement,
    scored, positive, neutral, negative, mood_micros
)
select
    sums.day,
    sums.source,
    sums.instance,
    sums.posts,
    coalesce(accounts.accounts, 0) as accounts,
    sums.replies,
    sums.reblogs,
    sums.favourites,
    sums.engagement,
    sums.scored,
    sums.positive,
    sums.neutral,
    sums.negative,
    sums.mood_micros
from sums
left join accounts
    on sums.day = accounts.day and sums.source = accounts.source and sums.instance = accounts.instance
on conflict (day, source, instance) do update
    set
        posts = rollup_day.posts + excluded.posts,
        accounts = rollup_day.accounts + excluded.accounts,
        replies = rollup_day.replies + excluded.replies,
        reblogs = rollup_day.reblogs + excluded.reblogs,
        favourites = rollup_day.favourites + excluded.favourites,
        engagement = rollup_day.engagement + excluded.engagement,
        scored = rollup_day.scored + excluded.scored,
        positive = rollup_day.positive + excluded.positive,
        neutral = rollup_day.neutral + excluded.neutral,
        negative = rollup_day.negative + excluded.negative,
        mood_micros = rollup_day.mood_micros + excluded.mood_micros;
