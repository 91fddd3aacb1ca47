-- Takes the next raw events that nobody has transformed, for as long as this transaction lives.
-- Grain: one raw event. Rows in: what is not processed. Rows out: each once, however many workers ask at a time.
-- seen_again_at: its last sighting, where another payload of the same thing was seen in between (A, B, A), or the
-- thing was seen gone and came back;
-- known_uri: for a deletion, the address that the post had;
-- known_looks: where it was taken in before, when it was seen as its observations tell.
select
    event.id,
    event.occurred_at,
    event.source,
    event.source_id,
    event.instance,
    event.event_type,
    event.post_id,
    event.observed_at,
    case
        when
            event.last_seen_at > event.observed_at
            and exists (
                select from {{ bronze }}.raw_events as other
                where
                    other.source = event.source
                    and other.instance = event.instance
                    and other.post_id = event.post_id
                    and (
                        other.event_type = event.event_type
                        or (other.event_type = 'deletion' and event.event_type <> 'account')
                        or (event.event_type = 'deletion' and other.event_type <> 'account')
                    )
                    and other.occurred_at = event.occurred_at
                    and other.id <> event.id
                    and (
                        (other.observed_at > event.observed_at and other.observed_at < event.last_seen_at)
                        or (other.last_seen_at > event.observed_at and other.last_seen_at < event.last_seen_at)
                    )
            )
            then event.last_seen_at
    end as seen_again_at,
    case
        when event.event_type = 'deletion'
            then coalesce(
                (
                    select seen.uri from {{ bronze }}.post_observations as seen
                    where
                        seen.source = event.source
                        and seen.instance = event.instance
                        and seen.post_id = event.post_id
                        and not seen.is_deleted
                    order by seen.observed_at desc
                    limit 1
                ),
                (
                    select nullif(status.payload ->> 'uri', '') from {{ bronze }}.raw_events as status
                    where
                        status.source = event.source
                        and status.instance = event.instance
                        and status.post_id = event.post_id
                        and status.event_type = 'status'
                    order by status.last_seen_at desc
                    limit 1
                )
            )
    end as known_uri,
    event.payload::text as payload,
    case
        when event.processed_at is not null
            then array(
                select taken.observed_at from {{ bronze }}.post_observations as taken
                where taken.raw_event_id = event.id
                union all
                select taken.observed_at from {{ bronze }}.account_observations as taken
                where taken.raw_event_id = event.id
            )
    end as known_looks
from {{ bronze }}.raw_events as event
where not event.processed
order by event.occurred_at
limit %(batch_size)s
for update of event skip locked
