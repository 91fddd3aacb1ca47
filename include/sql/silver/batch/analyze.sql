-- Tells the planner how large a table of the batch is.
-- Grain: none. Rows in: a temporary table. Rows out: its statistics.
analyze {{ table }}
