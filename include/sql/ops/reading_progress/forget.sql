-- Forgets where a reading stopped: it is done, or cannot go on from there; and what runs of long ago left.
-- Grain: one row per run and target. Rows out: those removed.
delete from {{ ops }}.reading_progress
where
    (pipeline_run_id = %(pipeline_run_id)s and target = %(target)s)
    or saved_at < now() - interval '30 days'
