-- What a view without rollups would ask: everything, by day and hour.
select
    date_key,
    created_hour,
    count(*),
    sum(engagement_score)
from {{ facts }}
where deleted_at is null
group by date_key, created_hour;
