-- Forgets the steps of old runs: what they counted stands in the run's own row. Those that failed stay, since
-- pipeline_errors_total counts them and must never shrink.
-- Grain: one step. Rows out: those removed.
delete from {{ bronze }}.pipeline_steps
where
    started_at < %(before)s
    and failures = 0
