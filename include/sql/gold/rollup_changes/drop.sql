-- Makes room for the changes of this load, should an earlier one of the same transaction have left its own.
-- Rows in: none. Rows out: none.

drop table if exists pg_temp.rollup_changes;
