-- Tells the planner how large the batch is.
-- Grain: none. Rows in: looks, seen, posts. Rows out: their statistics.
analyze looks, seen, posts, touched_accounts
