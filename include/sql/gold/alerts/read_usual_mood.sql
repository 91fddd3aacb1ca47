-- How the hours of the two weeks before some moment sounded: the mean of their means, and how far these lie apart.
-- Grain: one row. Rows in: hours in which enough posts were read. Rows out: one; `hours` says of how many.
with hours as (
    select sum(rollup_hour.mood_micros)::double precision / sum(rollup_hour.scored) / 1000000 as mood
    from {{ gold }}.rollup_hour
    where
        rollup_hour.day >= (%(since)s at time zone 'UTC')::date - 14
        and rollup_hour.day <= (%(since)s at time zone 'UTC')::date
        and (rollup_hour.day + make_interval(hours => rollup_hour.hour)) at time zone 'UTC'
        between %(since)s - interval '14 days' and %(since)s - interval '1 hour'
    group by rollup_hour.day, rollup_hour.hour
    having sum(rollup_hour.scored) >= %(least)s
)

select
    count(*) as hours,
    avg(hours.mood) as mean,
    stddev_samp(hours.mood) as deviation
from hours
