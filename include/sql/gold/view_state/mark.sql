-- Marks the views whose inputs this load changed. Four of them show texts, names, counts of followers or snapshots
-- straight from silver, which any load may have changed; the others change only with their rollups.
-- Grain: one row per view. Rows in: rollup_changes. Rows out: the views to refresh.

with

counted as (
    select exists (
        select 1
        from rollup_changes
        group by
            content_key, account_no, source, instance, day, hour, language
        having
            sum(posts) <> 0
            or sum(replies) <> 0
            or sum(reblogs) <> 0
            or sum(favourites) <> 0
            or sum(engagement) <> 0
            or sum(positive) <> 0
            or sum(neutral) <> 0
            or sum(negative) <> 0
            or sum(mood_micros) <> 0
    ) as moved
),

tagged as (
    select exists(select 1 from rollup_changes where hashtag_ids <> '{}') as moved
)

update {{ gold }}.view_state
set
    changes = view_state.changes + 1,
    changed_at = now()
from counted
cross join tagged
where
    view_state.view_name in (
        'mv_top_performing_content',
        'mv_account_influence_analysis',
        'mv_hashtag_performance',
        'mv_viral_content_indicators'
    )
    or (view_state.view_name in ('mv_daily_engagement_summary', 'mv_hourly_posting_patterns') and counted.moved)
    or (view_state.view_name = 'mv_sentiment_trends' and (counted.moved or tagged.moved));
