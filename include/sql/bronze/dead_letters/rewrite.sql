-- Gives one another payload. Grain: one row.
update {{ bronze }}.dead_letters
set payload = %(payload)s
where id = %(id)s
