-- The targets that are the timeline of an account. Every step is read. Grain: one target.
select distinct target
from {{ bronze }}.pipeline_steps
where target like '% @%'
