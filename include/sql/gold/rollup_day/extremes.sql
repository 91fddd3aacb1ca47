-- Looks up the best and the least post of the days this load touched: a maximum cannot be taken away from.
-- Grain: one row per day and instance. Rows in: the days of rollup_changes. Rows out: those whose extremes moved.

with

touched as (
    select distinct day from rollup_changes
),

by_instance as (
    select
        rollup_day.day,
        rollup_day.source,
        rollup_day.instance,
        (
            select max(rollup_post.engagement)
            from {{ gold }}.rollup_post
            where
                rollup_post.day = rollup_day.day
                and rollup_post.source = rollup_day.source
                and rollup_post.instance = rollup_day.instance
        ) as best,
        (
            select min(rollup_post.engagement)
            from {{ gold }}.rollup_post
            where
                rollup_post.day = rollup_day.day
                and rollup_post.source = rollup_day.source
                and rollup_post.instance = rollup_day.instance
        ) as least
    from touched
    inner join {{ gold }}.rollup_day on touched.day = rollup_day.day and rollup_day.instance <> '*'
),

extremes as (
    select
        day,
        coalesce(source, '*') as source,
        coalesce(instance, '*') as instance,
        max(best) as best,
        min(least) as least
    from by_instance
    group by grouping sets ((day, source, instance), (day))
)

update {{ gold }}.rollup_day
set
    best_engagement = extremes.best,
    least_engagement = extremes.least
from extremes
where
    rollup_day.day = extremes.day
    and rollup_day.source = extremes.source
    and rollup_day.instance = extremes.instance
    and (rollup_day.best_engagement, rollup_day.least_engagement) is distinct from (extremes.best, extremes.least);
