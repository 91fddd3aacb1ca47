-- Takes the next posts out of the queue into this batch; whoever rolls back puts them back.
-- Grain: one post. Rows in: at most `batch_size` of the queue. Rows out: each post once, in the temp table touched.
with claimed as (
    delete from {{ bronze }}.posts_to_load
    where
        id in (
            select id
            from {{ bronze }}.posts_to_load
            order by id
            limit %(batch_size)s
            for update skip locked
        )
    returning uri
)

insert into touched (uri)
select distinct uri
from claimed
