-- Empties one rollup, to be counted from the start.
-- Rows in: none. Rows out: all of the rollup's.

delete from {{ gold }}.{{ rollup }};
