-- Empties a table that loads keep by their deltas, to be counted from the start.
-- Grain: none. Rows in: none. Rows out: all of the table's.
delete from {{ table }}
