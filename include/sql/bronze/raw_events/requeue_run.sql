-- Marks pending again what a run read, and what its transform took in, whoever had read it. No index leads here: a
-- person asks for it now and then, and every load would pay. Grain: one kind of event of one source. Rows in: all.
-- Rows out: how many were chosen; they are marked only where `really` says so.
with

made as (
    select observed.raw_event_id from {{ bronze }}.post_observations as observed
    where observed.pipeline_run_id = %(run)s
    union
    select observed.raw_event_id from {{ bronze }}.account_observations as observed
    where observed.pipeline_run_id = %(run)s
),

chosen as (
    select
        event.id,
        event.occurred_at,
        event.source,
        event.event_type
    from {{ bronze }}.raw_events as event
    where
        event.processed
        and (event.pipeline_run_id = %(run)s or event.id in (select made.raw_event_id from made))
),

marked as (
    update {{ bronze }}.raw_events as event
    set processed = false
    from chosen
    where
        %(really)s
        and event.id = chosen.id
        and event.occurred_at = chosen.occurred_at
)

select
    chosen.source,
    chosen.event_type,
    count(*) as events
from chosen
group by chosen.source, chosen.event_type
order by chosen.source, chosen.event_type
