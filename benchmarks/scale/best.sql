-- The thousand posts with most engagement.
select content_key
from {{ facts }}
where deleted_at is null
order by engagement_score desc
limit 1000;
