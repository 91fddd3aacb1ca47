-- Tells the planner how many histories there are.
-- Grain: none. Rows in: histories, account_versions. Rows out: their statistics.
analyze histories, account_versions
