-- Looks up the first and the last day of the hashtags that lost a post: a minimum cannot be taken away from.
-- Grain: one row per hashtag. Rows in: rollup_changes. Rows out: the hashtags whose span shrank.

with

touched as (
    select distinct tag.hashtag_id
    from rollup_changes
    cross join lateral unnest(rollup_changes.hashtag_ids) as tag (hashtag_id)
    where rollup_changes.posts < 0
),

spans as (
    select
        touched.hashtag_id,
        (
            select min(days.day)
            from {{ gold }}.rollup_hashtag_day as days
            where days.hashtag_id = touched.hashtag_id
        ) as first_day,
        (
            select max(days.day)
            from {{ gold }}.rollup_hashtag_day as days
            where days.hashtag_id = touched.hashtag_id
        ) as last_day
    from touched
)

update {{ gold }}.rollup_hashtag
set
    first_day = spans.first_day,
    last_day = spans.last_day
from spans
where
    rollup_hashtag.hashtag_id = spans.hashtag_id
    and (rollup_hashtag.first_day, rollup_hashtag.last_day) is distinct from (spans.first_day, spans.last_day);
