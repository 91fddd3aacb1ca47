-- Takes letters to be replayed, for as long as this transaction lives; whoever else replays leaves them alone.
-- Grain: one letter. Rows in: their ids. Rows out: those still open, whole.
select
    letter.id,
    letter.stage,
    letter.source,
    letter.source_id,
    letter.instance,
    letter.event_type,
    letter.post_id,
    letter.occurred_at,
    letter.raw_event_id,
    letter.observed_at,
    letter.last_seen_at,
    letter.created_at,
    letter.last_tried_at,
    letter.payload,
    letter.payload_raw
from {{ bronze }}.dead_letters as letter
where
    letter.id = any(%(ids)s::bigint[])
    and letter.replayed_at is null
    and letter.discarded_at is null
order by letter.id
for update skip locked
