-- Removes the posts of a forgotten account. Grain: one post of one instance. Rows in: forgotten_posts.
delete from {{ toots }} as shown
using forgotten_posts as post
where
    shown.uri = post.uri
    or (shown.source = post.source and shown.instance = post.instance and shown.id = post.post_id)
