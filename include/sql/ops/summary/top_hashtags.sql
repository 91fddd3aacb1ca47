-- What: the hashtags that most posts carry, in the form people see, for the summary of `make run`.
-- Grain: one hashtag.
-- Rows in: every tag of every post that is not deleted. Rows out: at most 8.
select
    hashtags.shown,
    count(*) as posts
from {{ silver }}.post_hashtags as tagged
inner join {{ silver }}.hashtags as hashtags on tagged.hashtag_id = hashtags.hashtag_id
inner join {{ silver }}.fact_toot_engagement as facts on tagged.content_key = facts.content_key
where facts.deleted_at is null
group by hashtags.hashtag_id, hashtags.shown
order by posts desc, hashtags.shown asc
limit 8;
