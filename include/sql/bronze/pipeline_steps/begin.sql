-- bronze.pipeline_steps: a step of a run begins; a retry begins it anew.
-- Grain: one row per run, step and target. Rows in and out: one.

insert into {{ bronze }}.pipeline_steps as known (pipeline_run_id, step, target, state, started_at)
values (%(pipeline_run_id)s, %(step)s, %(target)s, 'running', clock_timestamp())
on conflict (pipeline_run_id, step, target) do update
    set
        state = 'running',
        started_at = excluded.started_at,
        finished_at = null,
        counts = '{}',
        error_class = null,
        error = null;
