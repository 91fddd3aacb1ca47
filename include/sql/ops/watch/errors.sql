-- The five minutes in which too many of the steps that ended had failed, where some ended since the last look.
-- Grain: five minutes. Rows in: steps of the five minutes of the last look and later, of the last day at most.
-- Rows out: those minutes, newest first, with the classes of the errors.
-- A step counts once, as it last ended: what a retry mended is no error any more, and a pause never was one.
with looked as (
    select max(looked_at) as looked_at from {{ ops }}.watch_state where rule = %(rule)s
)

select
    date_bin('5 minutes', steps.finished_at, 'epoch') as since,
    count(*) as ended,
    count(*) filter (where steps.state = 'failed') as failed,
    string_agg(distinct steps.error_class, ', ') as classes
from {{ bronze }}.pipeline_steps as steps
cross join looked
where
    steps.finished_at > greatest(date_bin('5 minutes', looked.looked_at, 'epoch'), now() - interval '1 day')
    and steps.error_class is distinct from 'SourcePaused'
group by date_bin('5 minutes', steps.finished_at, 'epoch')
having
    100 * count(*) filter (where steps.state = 'failed') > %(percent)s::double precision * count(*)
    and max(steps.finished_at) > coalesce(max(looked.looked_at), '-infinity')
order by since desc
