-- Others' posts in which a name occurs. The whole table is read. Grain: one post of one instance.
select
    source,
    instance,
    id,
    to_jsonb(shown) as said
from {{ toots }} as shown
where to_jsonb(shown)::text ilike any(%(needles)s::text[])
