-- The calendar, a year ahead of today and back to the oldest post, without a gap.
-- Grain: one day. Rows in: posts. Rows out: the days that were missing.
insert into {{ silver }}.dim_date
with known as (
    select
        min(date) as first,
        max(date) as last
    from {{ silver }}.dim_date
),

needed as (
    select
        (min(created_at) at time zone 'UTC')::date as first,
        greatest((max(created_at) at time zone 'UTC')::date, current_date + 366) as last
    from posts
)

select day.*
from known
cross join needed
cross join lateral {{ silver }}.days(needed.first, known.first - 1) as day
union all
select day.*
from known
cross join needed
cross join lateral {{ silver }}.days(known.last + 1, needed.last) as day
