-- Which posts that a batch is about are gone, as silver sees it: the best of all looks at a post (its own instance's,
-- then the freshest) found it gone. A boost is about the post it boosts.
-- Grain: one sighting. Rows in: keys of claimed raw events. Rows out: every place where one of the gone posts was read.
with subjects as (
    select distinct
        event.source,
        event.instance,
        case when event.event_type = 'reblog' then event.payload #>> '{reblog,id}' else event.post_id end as post_id
    from unnest(%(ids)s::uuid[], %(occurred_ats)s::timestamptz[]) as claimed (id, occurred_at)
    inner join {{ bronze }}.raw_events as event
        on claimed.id = event.id and claimed.occurred_at = event.occurred_at
    where event.event_type <> 'account'
),

addresses as (
    select distinct
        subjects.source,
        subjects.instance,
        subjects.post_id,
        seen.uri
    from subjects
    inner join {{ bronze }}.post_observations as seen
        on
            subjects.source = seen.source
            and subjects.instance = seen.instance
            and subjects.post_id = seen.post_id
),

looks as (
    select
        (addresses.source, addresses.instance, addresses.post_id) as subject,
        observed.source,
        observed.instance,
        observed.post_id,
        observed.created_at,
        observed.is_deleted,
        observed.observed_at,
        observed.raw_event_id,
        lower(split_part(split_part(observed.uri, '://', 2), '/', 1)) = observed.instance as is_origin
    from addresses
    inner join {{ bronze }}.post_observations as observed on addresses.uri = observed.uri
    where observed.event_type <> 'reblog'
),

gone as (
    select subject from looks
    group by subject
    having (array_agg(is_deleted order by is_origin desc, observed_at desc, raw_event_id desc))[1]
)

select distinct
    looks.source,
    looks.instance,
    looks.post_id,
    looks.created_at
from looks
inner join gone on looks.subject = gone.subject
