-- The failures and missed deadlines that people were told of and whose DAG has gone through since: the run that it was
-- about, or one that began later. What ran beside that one all the time proves nothing.
-- Grain: one thing that was said, on whichever channel. Rows in: what is open. Rows out: each once, with the last run.
-- Two DAGs close no run: one went through where it has said something, the other where every rule was looked at.
with went_through as (
    select
        endings.dag_id,
        endings.pipeline_run_id,
        endings.started_at,
        endings.ended_at
    from {{ ops }}.job_endings as endings
    where endings.state = 'success'
    union all
    select
        split_part(news.pipeline_run_id, '/', 1) as dag_id,
        news.pipeline_run_id,
        news.sent_at as started_at,
        news.sent_at as ended_at
    from {{ ops }}.notifications_sent as news
    where news.digest is null
    union all
    select
        'ops_watch' as dag_id,
        'ops_watch' as pipeline_run_id,
        min(looks.looked_at) as started_at,
        min(looks.looked_at) as ended_at
    from {{ ops }}.watch_state as looks
    where looks.looked_at > now() - interval '1 day'
)

select distinct on (said.kind, said.subject)
    said.kind,
    said.subject,
    since.pipeline_run_id
from {{ ops }}.notifications_sent as said
inner join went_through as since
    on
        said.subject = since.dag_id
        and said.sent_at < since.ended_at
        and (said.sent_at < since.started_at or said.pipeline_run_id = since.pipeline_run_id)
where
    said.kind in ('failure', 'deadline')
    and said.digest is not null
    and said.well_at is null
order by said.kind asc, said.subject asc, since.ended_at desc
