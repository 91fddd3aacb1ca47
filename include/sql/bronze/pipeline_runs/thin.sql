-- Empties the details of old runs; the row stays for ever.
-- Grain: one run. Rows out: those thinned.
update {{ bronze }}.pipeline_runs
set details = '{}'
where started_at < %(before)s and details <> '{}'
