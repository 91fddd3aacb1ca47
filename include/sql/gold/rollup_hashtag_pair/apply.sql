-- Adds this load to the pairs of hashtags that stand in one post, both ways round.
-- Grain: one row per ordered pair. Rows in: rollup_changes. Rows out: the pairs whose count moved.

insert into {{ gold }}.rollup_hashtag_pair (hashtag_id, other_id, posts)
select
    one.hashtag_id,
    other.hashtag_id as other_id,
    sum(rollup_changes.posts) as posts
from rollup_changes
cross join lateral unnest(rollup_changes.hashtag_ids) as one (hashtag_id)
cross join lateral unnest(rollup_changes.hashtag_ids) as other (hashtag_id)
where one.hashtag_id <> other.hashtag_id
group by one.hashtag_id, other.hashtag_id
having sum(rollup_changes.posts) <> 0
order by one.hashtag_id, other.hashtag_id
on conflict (hashtag_id, other_id) do update
    set posts = rollup_hashtag_pair.posts + excluded.posts;
