-- Where the posts of this batch were seen.
-- Grain: one post on one instance. Rows in: looks. Rows out: one each; what it answers is as the last look says.
create temp table seen on commit drop as
select
    uri,
    source,
    instance,
    post_id,
    (array_agg(in_reply_to_id order by observed_at desc, raw_event_id desc))[1] as in_reply_to_id,
    min(observed_at) as first_seen_at,
    max(observed_at) as last_seen_at
from looks
where is_read
group by uri, source, instance, post_id
