-- How often steps failed, over all their tries.
-- Grain: one source and step. Rows in: every step. Rows out: one for each that ever was.
select
    coalesce(runs.source, '') as source,
    steps.step,
    sum(steps.failures) as failures
from {{ bronze }}.pipeline_steps as steps
inner join {{ bronze }}.pipeline_runs as runs on steps.pipeline_run_id = runs.pipeline_run_id
group by runs.source, steps.step
order by source, steps.step
