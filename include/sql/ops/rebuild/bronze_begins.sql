-- In which week raw events begin, and how many posts are older than that.
-- Grain: one row. Rows in: the partitions of raw_events that hold something, the observed posts. Rows out: one.

with

weeks as (
    select to_date(substr(part.relname, 12), 'IYYY"w"IW')::timestamp at time zone 'UTC' as begins
    from pg_catalog.pg_inherits
    inner join pg_catalog.pg_class as part on pg_inherits.inhrelid = part.oid
    where pg_inherits.inhparent = '{{ bronze }}.raw_events'::regclass
),

first as (
    select min(weeks.begins) as begins
    from weeks
    -- One of them each will do; as a condition it might read them all.
    cross join lateral (
        select event.id
        from {{ bronze }}.raw_events as event
        where event.occurred_at >= weeks.begins and event.occurred_at < weeks.begins + interval '7 days'
        order by event.id asc
        limit 1
    ) as one
)

select
    first.begins,
    count(distinct observed.uri) as older
from first
left join {{ bronze }}.post_observations as observed
    on observed.created_at < coalesce(first.begins, 'infinity') and observed.event_type <> 'reblog'
group by first.begins;
