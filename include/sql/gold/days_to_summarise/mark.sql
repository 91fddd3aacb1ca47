-- Marks the days of which something else is to be said after this load, and those that are compared with them.
-- Grain: one day. Rows in: fact_changes. Rows out: one each.

insert into {{ gold }}.days_to_summarise (day)
select distinct (fact_changes.created_at at time zone 'UTC')::date + days_on
from fact_changes
cross join generate_series(0, 1) as days_on;
