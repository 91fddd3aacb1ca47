-- Lets a table of the batch be looked up by its key, and tells the planner so, whatever it guesses of the rest.
-- Grain: none. Rows in: a temporary table. Rows out: its index.
create index on {{ table }} ({{ columns }})
