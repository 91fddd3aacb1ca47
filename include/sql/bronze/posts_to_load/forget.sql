-- Nor loads them. Grain: one post. Rows in: forgotten_posts.
delete from {{ bronze }}.posts_to_load as waiting
using forgotten_posts as post
where waiting.uri = post.uri
