-- What each look found gained since the one before, so that the gain of any span is a sum of what lies in it: exact,
-- and without a search for where each post stood when the span began.

alter table {{ silver }}.post_metric_snapshots add column gained bigint not null default 0;
comment on column {{ silver }}.post_metric_snapshots.gained
is 'engagement score minus that of the look before; all of it in the first';

update {{ silver }}.post_metric_snapshots as snapshot
set gained = followed.gained
from (
    select
        content_key,
        captured_at,
        engagement_score - lag(engagement_score, 1, 0::bigint) over (
            partition by content_key order by captured_at
        ) as gained
    from {{ silver }}.post_metric_snapshots
) as followed
where
    snapshot.content_key = followed.content_key
    and snapshot.captured_at = followed.captured_at
    and followed.gained <> 0;

-- down

alter table {{ silver }}.post_metric_snapshots drop column gained;
