-- Every week of raw events that is in the warehouse, in the archive, or in both.
-- Grain: one week. is_kept: it is a partition; is_hot: with the index that writers need; has_pending: not all of it
-- is processed; the rest as the archive was last written, null where it was not.
with

kept as (
    select
        to_date(substr(part.relname, 12), 'IYYY"w"IW') as week,
        part.relname || '_thing' in (
            select thing.relname from pg_catalog.pg_class as thing
            where thing.relnamespace = part.relnamespace
        ) as is_hot
    from pg_catalog.pg_inherits
    inner join pg_catalog.pg_class as part on pg_inherits.inhrelid = part.oid
    where pg_inherits.inhparent = '{{ bronze }}.raw_events'::regclass
)

select
    coalesce(kept.week, archived.week) as week,
    kept.week is not null as is_kept,
    coalesce(kept.is_hot, false) as is_hot,
    coalesce(kept.week in (
        select kept.week from {{ bronze }}.raw_events as event
        where
            not event.processed
            and event.occurred_at >= kept.week::timestamp at time zone 'UTC'
            and event.occurred_at < (kept.week + 7)::timestamp at time zone 'UTC'
    ), false) as has_pending,
    archived.generation,
    archived.file,
    archived.rows,
    archived.checksum,
    archived.digest,
    archived.bytes,
    archived.archived_at,
    archived.restored_at
from kept
full join {{ ops }}.archived_weeks as archived on kept.week = archived.week
order by week
