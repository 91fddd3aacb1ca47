-- bronze.pipeline_runs: a run begins, or begins again after it was cleared.
-- Grain: one row per run. Rows in and out: one.

insert into {{ bronze }}.pipeline_runs as run (
    pipeline_run_id,
    dag_id,
    run_id,
    source,
    window_since,
    window_until,
    code_version
)
values (
    %(pipeline_run_id)s,
    %(dag_id)s,
    %(run_id)s,
    %(source)s,
    %(since)s,
    %(until)s,
    %(code_version)s
)
on conflict (pipeline_run_id) do update
    set
        source = excluded.source,
        window_since = excluded.window_since,
        window_until = excluded.window_until,
        state = 'running',
        finished_at = null,
        code_version = excluded.code_version;
