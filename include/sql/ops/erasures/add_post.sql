-- One more post of the forgotten account, which nobody had transformed yet. Grain: one post on one instance.
insert into forgotten_posts (source, instance, post_id, uri)
values (%(source)s, %(instance)s, %(post_id)s, %(uri)s)
