-- bronze.raw_events: takes the staged batch in.
-- Grain: one row per payload of a thing, (id, occurred_at); the same payload again moves last_seen_at forward and
-- is nothing else. Rows in: the batch; rows out: how many payloads were new, and how many were known.

with

written as (
    insert into {{ bronze }}.raw_events as event (
        id,
        occurred_at,
        source,
        source_id,
        event_type,
        payload,
        instance,
        post_id,
        payload_hash,
        observed_at,
        last_seen_at,
        pipeline_run_id
    )
    select
        id,
        occurred_at,
        source,
        source_id,
        event_type,
        payload,
        instance,
        post_id,
        payload_hash,
        observed_at,
        last_seen_at,
        %(run_id)s
    from raw_events_staging
    on conflict (id, occurred_at) do update
        set
            -- One that was emptied and is pending again was seen again: the post came back.
            payload = case
                when event.processed or event.payload <> '{}' then event.payload else excluded.payload
            end,
            observed_at = least(event.observed_at, excluded.observed_at),
            last_seen_at = greatest(event.last_seen_at, excluded.last_seen_at)
        where
        excluded.last_seen_at > event.last_seen_at
        or excluded.observed_at < event.observed_at
    returning old.id is null as is_new
),

staged as (select count(*) as payloads from raw_events_staging)

select
    count(*) filter (where written.is_new) as new_payloads,
    staged.payloads - count(*) filter (where written.is_new) as known_payloads
from staged
left join written on true
group by staged.payloads;
