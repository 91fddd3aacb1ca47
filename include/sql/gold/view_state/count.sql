-- How many rows a view holds.
-- Grain: one row. Rows in: the view.

select count(*)
from {{ gold }}.{{ view }};
