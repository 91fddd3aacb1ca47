-- Where each post was seen, when first and last.
-- Grain: one post on one instance. Rows in: seen, posts. Rows out: one each.
merge into {{ silver }}.post_sightings as known
using (
    select
        seen.*,
        posts.content_key
    from seen
    inner join posts on seen.uri = posts.uri
) as sighting
    on
        known.source = sighting.source
        and known.instance = sighting.instance
        and known.post_id = sighting.post_id
        and known.content_key = sighting.content_key
when matched and (known.in_reply_to_id, known.first_seen_at, known.last_seen_at)
is distinct from (sighting.in_reply_to_id, sighting.first_seen_at, sighting.last_seen_at) then
    update
        set
            in_reply_to_id = sighting.in_reply_to_id,
            first_seen_at = sighting.first_seen_at,
            last_seen_at = sighting.last_seen_at
when not matched then insert (
    source, instance, post_id, content_key, in_reply_to_id, first_seen_at, last_seen_at
) values (
    sighting.source, sighting.instance, sighting.post_id, sighting.content_key, sighting.in_reply_to_id,
    sighting.first_seen_at, sighting.last_seen_at
)
