-- What is known of each instance: its breaker, its budget, how many requests it was sent and how long they took.
-- Grain: one instance of one source. Rows in and out: all.
select
    source,
    instance,
    breaker,
    requests,
    request_seconds,
    rate_limit,
    rate_remaining,
    extract(epoch from last_success_at)::double precision as last_success
from {{ ops }}.source_state
order by source, instance
