-- What a bounded view asks: a day, by hour and mood.
select
    created_hour,
    sentiment_key,
    count(*),
    sum(engagement_score)
from {{ facts }}
where created_at >= %(until)s::timestamptz - interval '1 day' and created_at < %(until)s and deleted_at is null
group by created_hour, sentiment_key;
