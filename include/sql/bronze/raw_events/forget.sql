-- Removes one raw event. Grain: one raw event.
delete from {{ relation }}
where id = %(id)s and occurred_at = %(occurred_at)s
