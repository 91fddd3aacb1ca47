-- Adds this load to the days, each instance's and all together (*). Runs before rollup_account_day, whose counts
-- from before the load tell who is new on a day and who is gone from it.
-- Grain: one row per day and instance. Rows in: rollup_changes. Rows out: the days it touches.

with

touched as (
    select
        account_no,
        day,
        source,
        instance,
        sum(posts) as posts
    from rollup_changes
    where account_no is not null
    group by account_no, day, source, instance
    having sum(posts) <> 0
),

steps as (
    select
        touched.day,
        touched.source,
        touched.instance,
        coalesce(known.posts, 0) as posts_before,
        coalesce(known.posts, 0) + touched.posts as posts_after
    from touched
    left join {{ gold }}.rollup_account_day as known
        on
            touched.account_no = known.account_no
            and touched.day = known.day
            and touched.source = known.source
            and touched.instance = known.instance
    union all
    select
        touched.day,
        '*' as source,
        '*' as instance,
        coalesce(known.posts, 0) as posts_before,
        coalesce(known.posts, 0) + touched.posts as posts_after
    from (
        select
            account_no,
            day,
            sum(posts) as posts
        from touched
        group by account_no, day
    ) as touched
    cross join lateral (
        select sum(rollup_account_day.posts) as posts
        from {{ gold }}.rollup_account_day
        where rollup_account_day.account_no = touched.account_no and rollup_account_day.day = touched.day
    ) as known
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
