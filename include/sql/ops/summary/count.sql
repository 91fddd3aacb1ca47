-- What: how many rows one table or view holds, for the summary of `make run`.
-- Grain: one row.
-- Rows in: all of the relation that is named. Rows out: 1.
select count(*) as rows
from {{ relation }};
