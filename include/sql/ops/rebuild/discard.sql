-- Removes what a rebuild made for itself, and the silver and gold that it replaced; also what a killed one left.
-- Rows in and out: none.

drop schema if exists
{{ bronze }}_rebuild, {{ silver }}_rebuild, {{ gold }}_rebuild, {{ ops }}_rebuild, -- noqa: PRS
{{ silver }}_before, {{ gold }}_before
cascade;
