-- Lets go of the hashtag days on which nothing that counts is left.
-- Grain: one row per hashtag and day. Rows in: rollup_changes. Rows out: the hashtag days that went.

delete from {{ gold }}.rollup_hashtag_day
using (
    select
        tag.hashtag_id,
        rollup_changes.day
    from rollup_changes
    cross join lateral unnest(rollup_changes.hashtag_ids) as tag (hashtag_id)
    group by tag.hashtag_id, rollup_changes.day
    having sum(rollup_changes.posts) < 0
) as fewer
where
    rollup_hashtag_day.hashtag_id = fewer.hashtag_id
    and rollup_hashtag_day.day = fewer.day
    and rollup_hashtag_day.posts = 0;
