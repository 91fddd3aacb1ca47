-- Makes room for what counts from the start, after a load of the same transaction has left what it changed.
-- Grain: none. Rows in: none. Rows out: none.
drop table if exists pg_temp.fact_changes
