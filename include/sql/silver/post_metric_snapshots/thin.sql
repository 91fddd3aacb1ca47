-- Thins the counts of each post over time: all of the last days, then the last of each hour, then the last of each day.
-- Grain: one post at one moment. Rows out: those removed. An hour or a day is thinned once it is over as a whole, and
-- keeps its last snapshot, so that thinning to days after thinning to hours leaves what thinning to days alone would.
-- What was gained by those that go, the next one that stays has gained; `risen` of those that stay still holds it.
with followed as (
    select
        content_key,
        captured_at,
        engagement_score,
        lead(captured_at) over (partition by content_key order by captured_at) as next_at
    from {{ silver }}.post_metric_snapshots
    where captured_at < date_trunc('hour', %(hourly_before)s::timestamptz, 'UTC')
),

judged as (
    select
        *,
        next_at is not null
        and (
            date_trunc('hour', next_at, 'UTC') = date_trunc('hour', captured_at, 'UTC')
            or (
                captured_at < date_trunc('day', %(daily_before)s::timestamptz, 'UTC')
                and date_trunc('day', next_at, 'UTC') = date_trunc('day', captured_at, 'UTC')
            )
        ) as goes
    from followed
),

stays as (
    select
        content_key,
        captured_at,
        engagement_score - lag(engagement_score, 1, 0::bigint) over (
            partition by content_key order by captured_at
        ) as gained
    from judged
    where not goes and content_key in (select doomed.content_key from judged as doomed where doomed.goes)
),

gathered as (
    update {{ silver }}.post_metric_snapshots as snapshot
    set gained = stays.gained
    from stays
    where
        snapshot.content_key = stays.content_key
        and snapshot.captured_at = stays.captured_at
        and snapshot.gained <> stays.gained
)

delete from {{ silver }}.post_metric_snapshots as snapshot
using judged
where
    judged.goes
    and snapshot.content_key = judged.content_key
    and snapshot.captured_at = judged.captured_at
