-- In which week raw events begin, and how many posts are older than that.
-- Grain: one row. Rows in: the partitions of raw_events that hold something, the observed posts. Rows out: one.

with

weeks as (
    select substring(pg_get_expr(pg_class.relpartbound, pg_class.oid) from $$FROM \('([^']+)$$)::timestamptz as begins
    from pg_catalog.pg_inherits
    inner join pg_catalog.pg_class on pg_inherits.inhrelid = pg_class.oid
    where pg_inherits.inhparent = '{{ bronze }}.raw_events'::regclass and pg_relation_size(pg_class.oid) > 0
),

first as (
    select min(begins) as begins from weeks
)

select
    first.begins,
    count(distinct observed.uri) as older
from first
left join {{ bronze }}.post_observations as observed
    on observed.created_at < coalesce(first.begins, 'infinity') and observed.event_type <> 'reblog'
group by first.begins;
