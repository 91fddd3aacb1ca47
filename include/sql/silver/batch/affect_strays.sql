-- And so may posts that get another version of their author.
-- Grain: one post. Rows in: strays. Rows out: those not among the posts of the batch.
insert into affected (content_key)
select content_key
from strays
on conflict do nothing
