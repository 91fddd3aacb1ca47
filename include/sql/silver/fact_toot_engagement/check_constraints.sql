-- PostgreSQL itself holds every foreign key and key of silver.
-- Grain: one constraint. Rows in: the catalog. Rows out: those that are not enforced or were never validated.
select pg_class.relname || '.' || pg_constraint.conname as broken
from pg_constraint
inner join pg_class on pg_constraint.conrelid = pg_class.oid
where
    pg_constraint.connamespace = '{{ silver }}'::regnamespace
    and not (pg_constraint.convalidated and pg_constraint.conenforced)
order by broken
limit 5
