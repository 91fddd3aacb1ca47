-- How many loads have changed what a view reads, as far as they are committed.
-- Grain: one row per view. Rows in: %(view)s. Rows out: one.

select changes
from {{ gold }}.view_state
where view_name = %(view)s;
