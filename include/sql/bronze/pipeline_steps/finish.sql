-- bronze.pipeline_steps: a step of a run ended, well or not; a pause is no failure.
-- Grain: one row per run, step and target.

update {{ bronze }}.pipeline_steps
set
    state = %(state)s,
    counts = %(counts)s,
    failures = failures + (%(state)s = 'failed' and %(error_class)s::text is distinct from 'SourcePaused')::integer,
    finished_at = clock_timestamp(),
    error_class = %(error_class)s,
    error = %(error)s
where pipeline_run_id = %(pipeline_run_id)s and step = %(step)s and target = %(target)s;
