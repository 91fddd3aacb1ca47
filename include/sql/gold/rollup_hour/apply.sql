-- Adds this load to the hours.
-- Grain: one row per day, hour and language. Rows in: rollup_changes. Rows out: the hours it touches.

insert into {{ gold }}.rollup_hour (
    day, hour, language, posts, engagement, scored, positive, neutral, negative, mood_micros
)
select
    day,
    hour,
    language,
    sum(posts) as posts,
    sum(engagement) as engagement,
    sum(scored) as scored,
    sum(positive) as positive,
    sum(neutral) as neutral,
    sum(negative) as negative,
    sum(mood_micros) as mood_micros
from rollup_changes
group by day, hour, language
on conflict (day, hour, language) do update
    set
        posts = rollup_hour.posts + excluded.posts,
        engagement = rollup_hour.engagement + excluded.engagement,
        scored = rollup_hour.scored + excluded.scored,
        positive = rollup_hour.positive + excluded.positive,
        neutral = rollup_hour.neutral + excluded.neutral,
        negative = rollup_hour.negative + excluded.negative,
        mood_micros = rollup_hour.mood_micros + excluded.mood_micros;
