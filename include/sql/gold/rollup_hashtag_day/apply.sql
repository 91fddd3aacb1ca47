-- Adds this load to the hashtags' days.
-- Grain: one row per hashtag and day. Rows in: rollup_changes. Rows out: the hashtag days it touches.

insert into {{ gold }}.rollup_hashtag_day (
    hashtag_id, day, posts, engagement, scored, positive, neutral, negative, mood_micros
)
select
    tag.hashtag_id,
    rollup_changes.day,
    sum(rollup_changes.posts) as posts,
    sum(rollup_changes.engagement) as engagement,
    sum(rollup_changes.scored) as scored,
    sum(rollup_changes.positive) as positive,
    sum(rollup_changes.neutral) as neutral,
    sum(rollup_changes.negative) as negative,
    sum(rollup_changes.mood_micros) as mood_micros
from rollup_changes
cross join lateral unnest(rollup_changes.hashtag_ids) as tag (hashtag_id)
group by tag.hashtag_id, rollup_changes.day
order by rollup_changes.day, tag.hashtag_id
on conflict (hashtag_id, day) do update
    set
        posts = rollup_hashtag_day.posts + excluded.posts,
        engagement = rollup_hashtag_day.engagement + excluded.engagement,
        scored = rollup_hashtag_day.scored + excluded.scored,
        positive = rollup_hashtag_day.positive + excluded.positive,
        neutral = rollup_hashtag_day.neutral + excluded.neutral,
        negative = rollup_hashtag_day.negative + excluded.negative,
        mood_micros = rollup_hashtag_day.mood_micros + excluded.mood_micros;
