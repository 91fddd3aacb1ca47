-- Removes what models said of the posts of a forgotten account. Grain: one prediction. Rows in: forgotten_posts.
delete from {{ silver }}.post_sentiments as prediction
using forgotten_posts as post
where
    prediction.source = post.source
    and prediction.instance = post.instance
    and prediction.post_id = post.post_id
