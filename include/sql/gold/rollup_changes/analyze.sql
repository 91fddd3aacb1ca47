-- Tells the planner how much this load changed; nobody else looks at a temporary table.
-- Rows in: rollup_changes. Rows out: none.

analyze rollup_changes;
