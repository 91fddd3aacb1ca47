-- Up to four hashtags a post, few of them on most.
-- Grain: one tag of one post. Rows in: the posts after %(first)s. Rows out: about two a post.

insert into {{ silver }}.post_hashtags (content_key, hashtag_id, created_at)
select distinct
    posts.content_key,
    1 + floor(%(hashtags)s * random() ^ 4)::bigint,
    posts.created_at
from {{ silver }}.dim_content as posts
cross join generate_series(1, 4) as n
where posts.content_key > %(first)s and n <= posts.content_key %% 5
order by posts.content_key;
