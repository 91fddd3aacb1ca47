-- Forgets the steps of old runs: what they counted stands in the run's own row.
-- Grain: one step. Rows out: those removed.
delete from {{ bronze }}.pipeline_steps
where started_at < %(before)s
