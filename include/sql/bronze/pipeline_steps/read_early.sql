-- What runs of a DAG read of a day as its hours ended and what has not been read again since the day is over; what a
-- person must mend is left alone.
-- Grain: one target. Rows in: the steps of the day's runs, and of the one that reads it again. Rows out: each once.
select distinct steps.target
from {{ bronze }}.pipeline_steps as steps
inner join {{ bronze }}.pipeline_runs as runs on steps.pipeline_run_id = runs.pipeline_run_id
where
    runs.dag_id = %(dag_id)s
    and runs.pipeline_run_id <> %(again)s
    and runs.window_until > %(since)s
    and runs.window_until <= %(until)s
    and runs.started_at < runs.window_until + interval '1 hour'
    and steps.step = 'extract'
    and steps.state = 'success'
    and not exists (
        select from {{ bronze }}.pipeline_steps as again
        where
            again.pipeline_run_id = %(again)s
            and again.step = 'extract'
            and again.target = steps.target
            and (
                again.state = 'success'
                or (again.state = 'running' and again.started_at > now() - interval '1 hour')
                or again.error_class = any(%(for_a_person)s::text[])
            )
    )
order by steps.target
