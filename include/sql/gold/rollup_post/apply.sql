-- Takes in the posts that count after this load.
-- Grain: one row per post. Rows in: rollup_changes. Rows out: its posts that count now.

insert into {{ gold }}.rollup_post (content_key, day, source, instance, engagement, created_at)
select
    content_key,
    day,
    source,
    instance,
    engagement,
    created_at
from rollup_changes
where posts > 0
on conflict (content_key) do update
    set
        day = excluded.day,
        source = excluded.source,
        instance = excluded.instance,
        engagement = excluded.engagement,
        created_at = excluded.created_at
    where
    (rollup_post.day, rollup_post.source, rollup_post.instance, rollup_post.engagement, rollup_post.created_at)
    is distinct from
    (excluded.day, excluded.source, excluded.instance, excluded.engagement, excluded.created_at);
