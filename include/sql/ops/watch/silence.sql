-- When something was last ingested: when a run that reads a source last ended well, or partly so.
-- Grain: one row. Rows in: what ended. Rows out: one; null where nothing ever did.
select max(ended_at) as ended_at
from {{ ops }}.job_endings
where
    source is not null
    and state <> 'failed'
