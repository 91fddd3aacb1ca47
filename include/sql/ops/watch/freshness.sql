-- When each instance last answered.
-- Grain: one instance of one source. Rows in: what is known of instances. Rows out: the same.
select
    source,
    instance,
    last_success_at,
    last_error
from {{ ops }}.source_state
order by source, instance
