-- Thins the counts of each post over time: all of the last days, then the last of each hour, then the last of each day.
-- Grain: one post at one moment. Rows out: those removed. An hour or a day is thinned once it is over as a whole, and
-- keeps its last snapshot, so that thinning to days after thinning to hours leaves what thinning to days alone would.
with followed as (
    select
        content_key,
        captured_at,
        lead(captured_at) over (partition by content_key order by captured_at) as next_at
    from {{ silver }}.post_metric_snapshots
    where captured_at < date_trunc('hour', %(hourly_before)s::timestamptz, 'UTC')
)

delete from {{ silver }}.post_metric_snapshots as snapshot
using followed
where
    snapshot.content_key = followed.content_key
    and snapshot.captured_at = followed.captured_at
    and (
        date_trunc('hour', followed.next_at, 'UTC') = date_trunc('hour', followed.captured_at, 'UTC')
        or (
            followed.captured_at < date_trunc('day', %(daily_before)s::timestamptz, 'UTC')
            and date_trunc('day', followed.next_at, 'UTC') = date_trunc('day', followed.captured_at, 'UTC')
        )
    )
