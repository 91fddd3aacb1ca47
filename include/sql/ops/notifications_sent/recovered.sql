-- The failures and missed deadlines that people were told of and whose DAG has gone through since.
-- Grain: one thing that was said, on whichever channel. Rows in: what is open. Rows out: each once, with the last run.
select distinct on (said.kind, said.subject)
    said.kind,
    said.subject,
    endings.pipeline_run_id
from {{ ops }}.notifications_sent as said
inner join {{ ops }}.job_endings as endings
    on
        said.subject = endings.dag_id
        and said.sent_at < endings.ended_at
where
    said.kind in ('failure', 'deadline')
    and said.digest is not null
    and said.well_at is null
    and endings.state = 'success'
order by said.kind asc, said.subject asc, endings.ended_at desc
