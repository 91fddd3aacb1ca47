-- Removes one. Grain: one row.
delete from {{ bronze }}.dead_letters
where id = %(id)s
