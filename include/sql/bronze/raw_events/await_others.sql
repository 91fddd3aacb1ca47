-- Waits until what others have claimed is transformed or given back.
-- Grain: one raw event. Rows in: what is not processed. Rows out: the first that nobody holds any more, if any is left.
select event.id
from {{ bronze }}.raw_events as event
where not event.processed
order by event.occurred_at
limit 1
for update of event
