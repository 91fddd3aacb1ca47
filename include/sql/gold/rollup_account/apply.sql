-- Adds this load to the accounts.
-- Grain: one row per account. Rows in: rollup_changes. Rows out: the accounts it touches.

with

sums as (
    select
        account_no,
        sum(posts) as posts,
        sum(replies) as replies,
        sum(reblogs) as reblogs,
        sum(favourites) as favourites,
        sum(engagement) as engagement,
        sum(scored) as scored,
        sum(positive) as positive,
        sum(neutral) as neutral,
        sum(negative) as negative,
        sum(mood_micros) as mood_micros,
        min(day) filter (where posts > 0) as first_day,
        max(day) filter (where posts > 0) as last_day
    from rollup_changes
    group by account_no
)

update {{ gold }}.rollup_account
set
    posts = rollup_account.posts + sums.posts,
    replies = rollup_account.replies + sums.replies,
    reblogs = rollup_account.reblogs + sums.reblogs,
    favourites = rollup_account.favourites + sums.favourites,
    engagement = rollup_account.engagement + sums.engagement,
    scored = rollup_account.scored + sums.scored,
    positive = rollup_account.positive + sums.positive,
    neutral = rollup_account.neutral + sums.neutral,
    negative = rollup_account.negative + sums.negative,
    mood_micros = rollup_account.mood_micros + sums.mood_micros,
    first_day = least(rollup_account.first_day, sums.first_day),
    last_day = greatest(rollup_account.last_day, sums.last_day)
from sums
where rollup_account.account_no = sums.account_no;
