-- The instances that are left alone for a while because they failed again and again.
-- Grain: one instance of one source. Rows in: what is known of instances. Rows out: those whose breaker is not closed.
select
    source,
    instance,
    breaker,
    failures_in_a_row,
    opened_at,
    last_error
from {{ ops }}.source_state
where breaker <> 'closed'
order by source, instance
