-- How many raw events a run could not take in.
-- Grain: one row. Rows in: the run's dead letters of transform. Rows out: their number.
select count(*)
from {{ bronze }}.dead_letters
where
    pipeline_run_id = %(pipeline_run_id)s
    and stage = 'transform'
