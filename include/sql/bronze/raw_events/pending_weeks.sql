-- The weeks in which something waits for transform, by the small index on what is pending. Grain: one week.
select distinct date_trunc('week', occurred_at at time zone 'UTC')::date as week
from {{ bronze }}.raw_events
where not processed
