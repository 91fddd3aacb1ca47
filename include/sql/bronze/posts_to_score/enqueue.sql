-- Tells each active model which posts have a text that it has not read.
-- Grain: one post and model. Rows in: arrays of equal length, and the models. Rows out: one for each pair.
insert into {{ bronze }}.posts_to_score (source, instance, post_id, model_key)
select
    post.source,
    post.instance,
    post.post_id,
    active.model_key
from
    unnest(%(sources)s::text[], %(instances)s::text[], %(post_ids)s::text[])
        as post (source, instance, post_id)
cross join unnest(%(model_keys)s::text[]) as active (model_key)
