-- The views whose inputs have changed since they were refreshed, and those never refreshed.
-- Grain: one row per view. Rows out: at most seven.

select view_name
from {{ gold }}.view_state
where changes > refreshed_changes or refreshed_at is null
order by view_name;
