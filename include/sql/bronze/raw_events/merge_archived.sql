-- Puts archived raw events back beside those that came later.
-- Grain: one raw event. Rows in: archived_events. Rows out: one each; where it came again meanwhile, seen from its
-- first look to its last.
insert into {{ bronze }}.raw_events as event
select * from archived_events
on conflict (id, occurred_at) do update
    set
        ingested_at = least(event.ingested_at, excluded.ingested_at),
        observed_at = least(event.observed_at, excluded.observed_at),
        last_seen_at = greatest(event.last_seen_at, excluded.last_seen_at)
