-- Marks every post that was ever observed, in the order in which they were, for the new silver.
-- Grain: one post. Rows in: bronze.post_observations. Rows out: one each.

insert into {{ bronze }}_rebuild.posts_to_load (uri)
select uri
from {{ bronze }}.post_observations
where event_type <> 'reblog'
group by uri
order by min(observation_id);
