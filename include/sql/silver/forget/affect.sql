-- The posts of a forgotten account may change what is counted. Grain: one post. Rows in: forgotten_posts.
insert into affected (content_key)
select distinct content.content_key
from forgotten_posts as post
inner join {{ silver }}.dim_content as content on post.uri = content.uri
on conflict do nothing
