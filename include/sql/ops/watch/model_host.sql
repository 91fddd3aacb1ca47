-- How many posts wait for each model, and since when.
-- Grain: one model. Rows in: the queue. Rows out: one a model that something waits for.
select
    model_key,
    count(*) as waiting,
    min(queued_at) as since
from {{ bronze }}.posts_to_score
group by model_key
order by model_key
