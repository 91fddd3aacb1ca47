-- Marks pending again what happened in a span of time: the posts created in it, and the accounts seen in it, which are
-- filed under the Monday of their week. Grain: one kind of event of one source. Rows in: partitions of that time.
-- Rows out: how many were chosen; they are marked only where `really` says so.
with

chosen as (
    select
        event.id,
        event.occurred_at,
        event.source,
        event.event_type
    from {{ bronze }}.raw_events as event
    where
        event.processed
        and event.occurred_at >= %(monday)s
        and event.occurred_at < %(until)s
        and (%(source)s::text is null or event.source = %(source)s)
        and case event.event_type
            when 'account' then event.observed_at < %(until)s and event.last_seen_at >= %(since)s
            else event.occurred_at >= %(since)s
        end
),

marked as (
    update {{ bronze }}.raw_events as event
    set processed = false
    from chosen
    where
        %(really)s
        and event.id = chosen.id
        and event.occurred_at = chosen.occurred_at
        and event.occurred_at >= %(monday)s
        and event.occurred_at < %(until)s
)

select
    chosen.source,
    chosen.event_type,
    count(*) as events
from chosen
group by chosen.source, chosen.event_type
order by chosen.source, chosen.event_type
