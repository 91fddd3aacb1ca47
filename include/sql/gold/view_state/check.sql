-- What gold promises and does not keep. Looks at what is bounded: all days and hours of the window, the facts of the
-- newest two days, and the views that are up to date.
-- Grain: one row per broken promise and thing. Rows out: none when all is well.

with

newest as (
    select max(day) as day from {{ gold }}.rollup_day
),

days as (
    select rollup_day.*
    from {{ gold }}.rollup_day
    cross join newest
    where rollup_day.day > newest.day - 90
),

overall as (
    select * from days
    where source = '*' and instance = '*'
),

up_to_date as (
    select view_name from {{ gold }}.view_state
    where changes = refreshed_changes and refreshed_at is not null
),

days_hold_what_their_instances_hold as (
    select overall.day::text as thing
    from overall
    left join days on overall.day = days.day and days.instance <> '*'
    group by overall.day, overall.posts, overall.accounts, overall.engagement, overall.mood_micros
    having
        overall.posts is distinct from sum(days.posts)
        or overall.engagement is distinct from sum(days.engagement)
        or overall.mood_micros is distinct from sum(days.mood_micros)
        or overall.accounts > sum(days.accounts)
        or overall.accounts > overall.posts
        or min(days.posts) <= 0
),

days_hold_what_their_hours_hold as (
    select overall.day::text as thing
    from overall
    left join {{ gold }}.rollup_hour on overall.day = rollup_hour.day
    group by overall.day, overall.posts, overall.engagement, overall.scored, overall.mood_micros
    having
        overall.posts is distinct from sum(rollup_hour.posts)
        or overall.engagement is distinct from sum(rollup_hour.engagement)
        or overall.scored is distinct from sum(rollup_hour.scored)
        or overall.mood_micros is distinct from sum(rollup_hour.mood_micros)
        or min(rollup_hour.posts) <= 0
),

facts as (
    select
        rollup_post.day,
        count(*) as posts,
        sum(fact.engagement_score) as engagement,
        count(*) filter (where fact.deleted_at is not null) as deleted
    from newest
    inner join {{ gold }}.rollup_post on rollup_post.day > newest.day - 2
    left join {{ silver }}.fact_toot_engagement as fact on rollup_post.content_key = fact.content_key
    group by rollup_post.day
),

days_hold_what_the_facts_hold as (
    select overall.day::text as thing
    from overall
    cross join newest
    left join facts on overall.day = facts.day
    where
        overall.day > newest.day - 2
        and (
            overall.posts is distinct from facts.posts
            or overall.engagement is distinct from facts.engagement
            or facts.deleted > 0
        )
),

the_daily_view_holds_every_day as (
    select coalesce(days.day, shown.day)::text as thing
    from days
    full outer join {{ gold }}.mv_daily_engagement_summary as shown
        on days.day = shown.day and days.source = shown.source and days.instance = shown.instance
    where
        exists (select 1 from up_to_date where up_to_date.view_name = 'mv_daily_engagement_summary')
        and (days.posts, days.accounts, days.engagement)
        is distinct from (shown.posts, shown.accounts, shown.engagement)
),

the_best_post_comes_first as (
    select top.uri as thing
    from {{ gold }}.mv_top_performing_content as top
    where
        top.rank = 1
        and exists (select 1 from up_to_date where up_to_date.view_name = 'mv_top_performing_content')
        and top.engagement < (select max(days.best_engagement) from days)
)

select
    'a day is not the sum of its instances' as promise,
    thing
from days_hold_what_their_instances_hold
union all
select
    'a day is not the sum of its hours' as promise,
    thing
from days_hold_what_their_hours_hold
union all
select
    'a day is not the sum of its facts' as promise,
    thing
from days_hold_what_the_facts_hold
union all
select
    'mv_daily_engagement_summary does not hold the day as it is' as promise,
    thing
from the_daily_view_holds_every_day
union all
select
    'mv_top_performing_content does not begin with the best post' as promise,
    thing
from the_best_post_comes_first
order by promise, thing
limit 100;
