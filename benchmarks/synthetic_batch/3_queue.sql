-- Marks all of that pending.
-- Grain: one look. Rows in: bronze.post_observations. Rows out: those of the last batch.

insert into {{ bronze }}.posts_to_load (uri)
select uri
from {{ bronze }}.post_observations
where pipeline_run_id = 'cli/' || %(name)s;
