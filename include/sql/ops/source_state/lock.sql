-- What is known about one instance, made known if it was not, and locked until the transaction ends.
-- Grain: one row per (source, instance). Rows out: one, with the database's clock, which all readers share.

with

known as (
    insert into {{ ops }}.source_state as state (source, instance)
    values (%(source)s, %(instance)s)
    on conflict (source, instance) do update set updated_at = state.updated_at
    returning *
)

select
    clock_timestamp() as now,
    breaker,
    failures_in_a_row,
    opened_at,
    last_error,
    rate_limit,
    rate_remaining,
    rate_reset_at,
    next_request_at,
    last_success_at
from known;
