-- Posts of one instance that are to be looked at again. A post's life is cut into slots that widen with its age and
-- are counted from its creation; it is due when the slot it is in has not seen it yet. What the last look found gone
-- is left alone, until a timeline shows it again.
-- Grain: one post. Rows in: every look at posts younger than the schedule is long. Rows out: those due, the longest
-- unseen first.
with looked as (
    select
        post_id,
        min(source_id) as source_id,
        min(occurred_at) as created_at,
        max(last_seen_at) as last_look,
        max(last_seen_at) filter (where event_type = 'deletion') as last_found_gone
    from {{ bronze }}.raw_events
    where
        source = %(source)s
        and instance = %(instance)s
        and event_type in ('status', 'submission', 'comment', 'deletion')
        and occurred_at <= %(now)s
        and occurred_at > %(now)s - (select max(age) from unnest(%(ages)s::interval[]) as age)
    group by post_id
),

slots as (
    select
        looked.*,
        date_bin(tier.slot, %(now)s, looked.created_at) as slot_began
    from looked
    cross join lateral (
        select tiers.slot
        from unnest(%(ages)s::interval[], %(slots)s::interval[]) as tiers (age, slot)
        where %(now)s - looked.created_at < tiers.age
        order by tiers.age
        limit 1
    ) as tier
)

select
    post_id,
    source_id,
    created_at
from slots
where
    last_look < slot_began
    and last_look is distinct from last_found_gone
order by last_look, post_id
limit %(most)s
