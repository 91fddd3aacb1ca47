-- The posts of the batch may change.
-- Grain: one post. Rows in: posts. Rows out: one each.
insert into affected (content_key)
select content_key
from posts
