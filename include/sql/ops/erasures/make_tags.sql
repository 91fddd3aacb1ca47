-- The hashtags that the forgotten account used. Grain: one tag. Rows in: forgotten_posts.
create temp table forgotten_tags on commit drop as
select distinct tag.name
from forgotten_posts
inner join {{ bronze }}.post_observations as observed on forgotten_posts.uri = observed.uri
cross join lateral jsonb_to_recordset(observed.tags) as tag (name text)
