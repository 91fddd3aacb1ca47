-- Marks payloads pending again whose place in the history of their thing the staged batch changes: A, B, A ends as
-- A. Grain: one row per payload that transform has taken in before, and that
--   was seen again after another payload of the same thing was seen last (A at 1, B at 2, now A at 3), or
--   turns out to have been seen before another one (B at 2, A at 3, now A at 1 arrives late), or
--   turns out to span another one (A from 1 to 3, now B at 2 arrives late).
-- For transform: a claimed row is one observation at observed_at and, where last_seen_at is later and another payload
-- of the thing was seen in between, one more at last_seen_at; those it has written before change nothing.
-- A deletion is a look at the same thing, its subject, as the post that it found gone: seen, gone, seen again unchanged
-- must become pending, too.
-- Runs before upsert.sql, on what is stored so far. Rows in: the batch and its things; rows out: those revived.

with

stored as (
    select distinct event.*
    from raw_events_staging as staged
    cross join lateral (
        select
            raw.id,
            raw.occurred_at,
            raw.source,
            raw.instance,
            raw.event_type,
            case when raw.event_type in ('account', 'reblog') then raw.event_type else 'post' end as subject,
            raw.post_id,
            raw.observed_at,
            raw.last_seen_at,
            raw.processed
        from {{ bronze }}.raw_events as raw
        where
            raw.source = staged.source
            and raw.instance = staged.instance
            and raw.post_id = staged.post_id
            and case when raw.event_type in ('account', 'reblog') then raw.event_type else 'post' end
            = case when staged.event_type in ('account', 'reblog') then staged.event_type else 'post' end
            and raw.occurred_at = staged.occurred_at
        -- One probe of the index for each thing, whatever the planner thinks of an empty table.
        offset 0  -- noqa: AM09
    ) as event
),

-- What the batch says about things that are stored: as a rule nothing is, and the rest costs nothing.
looks as (
    select
        staged.*,
        case when staged.event_type in ('account', 'reblog') then staged.event_type else 'post' end as subject
    from raw_events_staging as staged
    where exists (
        select from stored
        where
            stored.source = staged.source
            and stored.instance = staged.instance
            and stored.post_id = staged.post_id
            and stored.subject
            = case when staged.event_type in ('account', 'reblog') then staged.event_type else 'post' end
            and stored.occurred_at = staged.occurred_at
    )
),

-- Every payload of these things, with the span it had and the span it will have.
spans as (
    select
        id,
        occurred_at,
        source,
        instance,
        event_type,
        subject,
        post_id,
        coalesce(stored.processed, false) as processed,
        stored.observed_at as old_first,
        stored.last_seen_at as old_last,
        looks.observed_at as staged_first,
        looks.last_seen_at as staged_last,
        least(stored.observed_at, looks.observed_at) as first_look,
        greatest(stored.last_seen_at, looks.last_seen_at) as last_look
    from stored
    full join looks
        using (id, occurred_at, source, instance, event_type, subject, post_id)  -- noqa: ST07
),

revived as (
    select distinct
        mine.id,
        mine.occurred_at
    from spans as mine
    inner join spans as other using (occurred_at, source, instance, subject, post_id)  -- noqa: ST07
    where
        mine.processed
        and mine.id <> other.id
        and (
            (other.last_look >= mine.old_last and other.last_look < mine.last_look)
            or (other.first_look > mine.old_last and other.first_look < mine.last_look)
            or (other.first_look > mine.first_look and other.first_look < mine.old_first)
            or (
                other.staged_first > mine.first_look
                and other.staged_first < mine.last_look
                and (other.old_first is null or other.staged_first < other.old_first)
            )
            or (
                other.staged_last > mine.first_look
                and other.staged_last < mine.last_look
                and (other.old_last is null or other.staged_last > other.old_last)
            )
        )
)

update {{ bronze }}.raw_events as event
set
    processed = false,
    pipeline_run_id = %(run_id)s
from revived
where event.id = revived.id and event.occurred_at = revived.occurred_at;
