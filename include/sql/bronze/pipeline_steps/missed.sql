-- What closed runs of a DAG did not get through with, and may now: those that must be mended by a person are left out.
-- Grain: one target of one run. Rows in: the last day. Rows out: the oldest windows first, as many as a run can bear.
select
    steps.pipeline_run_id,
    steps.target,
    runs.window_since,
    runs.window_until
from {{ bronze }}.pipeline_steps as steps
inner join {{ bronze }}.pipeline_runs as runs on steps.pipeline_run_id = runs.pipeline_run_id
where
    runs.dag_id = %(dag_id)s
    and runs.started_at > now() - interval '1 day'
    and runs.finished_at is not null
    and runs.window_since is not null
    and steps.step = 'extract'
    -- What runs was not missed yet; where its process was killed nobody says that it ended.
    and (steps.state = 'failed' or (steps.state = 'running' and steps.started_at < now() - interval '1 hour'))
    and coalesce(steps.error_class, '') <> all(%(for_a_person)s::text[])
order by runs.window_since, steps.target
limit %(most)s
