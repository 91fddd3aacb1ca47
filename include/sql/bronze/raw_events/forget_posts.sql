-- Removes all looks at the posts of a forgotten account. Grain: one raw event. Rows in: forgotten_posts.
delete from {{ relation }} as event
using forgotten_posts as post
where
    event.source = post.source
    and event.instance = post.instance
    and event.post_id = post.post_id
    and event.event_type <> 'account'
