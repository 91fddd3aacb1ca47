-- Keeps what was measured of a run; measuring again overwrites.
-- Grain: one measure of one run. Rows in: arrays of equal length. Rows out: the same.
insert into {{ ops }}.quality_results as known (
    pipeline_run_id, measure, value, threshold, passed, rows_checked, rows_failed
)
select
    %(pipeline_run_id)s,
    measured.measure,
    measured.value,
    measured.threshold,
    measured.value >= measured.threshold as passed,
    measured.rows_checked,
    measured.rows_failed
from
    unnest(
        %(measures)s::text[],
        %(values)s::double precision[],
        %(thresholds)s::double precision[],
        %(rows_checked)s::bigint[],
        %(rows_failed)s::bigint[]
    ) as measured (measure, value, threshold, rows_checked, rows_failed)
on conflict (pipeline_run_id, measure) do update
    set
        value = excluded.value,
        threshold = excluded.threshold,
        passed = excluded.passed,
        rows_checked = excluded.rows_checked,
        rows_failed = excluded.rows_failed,
        measured_at = now()
