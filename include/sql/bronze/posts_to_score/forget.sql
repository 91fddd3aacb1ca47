-- Nobody reads the posts of a forgotten account any more. Grain: one post and model. Rows in: forgotten_posts.
delete from {{ bronze }}.posts_to_score as waiting
using forgotten_posts as post
where
    waiting.source = post.source
    and waiting.instance = post.instance
    and waiting.post_id = post.post_id
