-- How much the warehouse holds, and through which week raw events have a partition.
-- Grain: one row. Rows in: the catalogue. Rows out: one.
select
    pg_database_size(current_database()) as bytes,
    count(*) as partitions,
    max(parts.relname) as newest
from pg_catalog.pg_inherits
inner join pg_catalog.pg_class as parts on pg_inherits.inhrelid = parts.oid
where pg_inherits.inhparent = '{{ bronze }}.raw_events'::regclass
