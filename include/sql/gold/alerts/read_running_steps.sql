-- The steps of a run that began and did not end.
-- Grain: one step and target. Rows in: the steps of a run. Rows out: those still running, oldest first.
select
    steps.step,
    steps.target,
    steps.started_at
from {{ bronze }}.pipeline_steps as steps
where steps.pipeline_run_id = %(pipeline_run_id)s and steps.state = 'running'
order by steps.started_at
