-- Adds this load to the hashtags and to who used them: an account counts when its posts with a tag leave 0, and stops
-- when they are back there.
-- Grain: one row per hashtag. Rows in: rollup_changes. Rows out: the hashtags it touches.

with

tagged as (
    select
        rollup_changes.*,
        tag.hashtag_id
    from rollup_changes
    cross join lateral unnest(rollup_changes.hashtag_ids) as tag (hashtag_id)
),

stepped as (
    insert into {{ gold }}.rollup_hashtag_account as known (hashtag_id, account_no, posts)
    select
        hashtag_id,
        account_no,
        sum(posts) as posts
    from tagged
    where account_no is not null
    group by hashtag_id, account_no
    having sum(posts) <> 0
    order by hashtag_id, account_no
    on conflict (hashtag_id, account_no) do update
        set posts = known.posts + excluded.posts
    returning
        hashtag_id,
        (new.posts > 0)::integer - coalesce((old.posts > 0)::integer, 0) as step
),

accounts as (
    select
        hashtag_id,
        sum(step) as accounts
    from stepped
    group by hashtag_id
),

sums as (
    select
        hashtag_id,
        sum(posts) as posts,
        sum(engagement) as engagement,
        sum(scored) as scored,
        sum(positive) as positive,
        sum(neutral) as neutral,
        sum(negative) as negative,
        sum(mood_micros) as mood_micros,
        min(day) filter (where posts > 0) as first_day,
        max(day) filter (where posts > 0) as last_day
    from tagged
    group by hashtag_id
)

insert into {{ gold }}.rollup_hashtag (
    hashtag_id, posts, accounts, engagement, scored, positive, neutral, negative, mood_micros, first_day, last_day
)
select
    sums.hashtag_id,
    sums.posts,
    coalesce(accounts.accounts, 0) as accounts,
    sums.engagement,
    sums.scored,
    sums.positive,
    sums.neutral,
    sums.negative,
    sums.mood_micros,
    sums.first_day,
    sums.last_day
from sums
left join accounts on sums.hashtag_id = accounts.hashtag_id
on conflict (hashtag_id) do update
    set
        posts = rollup_hashtag.posts + excluded.posts,
        accounts = rollup_hashtag.accounts + excluded.accounts,
        engagement = rollup_hashtag.engagement + excluded.engagement,
        scored = rollup_hashtag.scored + excluded.scored,
        positive = rollup_hashtag.positive + excluded.positive,
        neutral = rollup_hashtag.neutral + excluded.neutral,
        negative = rollup_hashtag.negative + excluded.negative,
        mood_micros = rollup_hashtag.mood_micros + excluded.mood_micros,
        first_day = least(rollup_hashtag.first_day, excluded.first_day),
        last_day = greatest(rollup_hashtag.last_day, excluded.last_day);
