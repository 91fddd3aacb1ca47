-- Lets go of the pairs of hashtags that no post carries together any longer.
-- Grain: one row per ordered pair. Rows in: rollup_changes. Rows out: the pairs that went.

delete from {{ gold }}.rollup_hashtag_pair
using (
    select
        one.hashtag_id,
        other.hashtag_id as other_id
    from rollup_changes
    cross join lateral unnest(rollup_changes.hashtag_ids) as one (hashtag_id)
    cross join lateral unnest(rollup_changes.hashtag_ids) as other (hashtag_id)
    where one.hashtag_id <> other.hashtag_id
    group by one.hashtag_id, other.hashtag_id
    having sum(rollup_changes.posts) < 0
) as fewer
where
    rollup_hashtag_pair.hashtag_id = fewer.hashtag_id
    and rollup_hashtag_pair.other_id = fewer.other_id
    and rollup_hashtag_pair.posts = 0;
