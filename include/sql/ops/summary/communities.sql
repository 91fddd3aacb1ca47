-- What: where most posts were said, a subreddit or an instance, for the summary of `make run`.
-- Grain: one community.
-- Rows in: every post that is not deleted. Rows out: at most 8.
select
    coalesce('r/' || substring(content.url from '/r/([^/]+)/comments/'), content.instance) as community,
    count(*) as posts
from {{ silver }}.dim_content as content
inner join {{ silver }}.fact_toot_engagement as facts on content.content_key = facts.content_key
where facts.deleted_at is null
group by community
order by posts desc, community asc
limit 8;
