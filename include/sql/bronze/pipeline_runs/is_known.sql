-- Whether there was such a run. Grain: one row, one truth.
select exists(select from {{ bronze }}.pipeline_runs where pipeline_run_id = %(pipeline_run_id)s)
