-- What an instance was last seen to run. Fresh for a day, since servers are upgraded and replaced; of one that has not
-- said since, true for a week. Rows out: none or one.

select
    software,
    software_seen_at > clock_timestamp() - interval '1 day' as is_fresh
from {{ ops }}.source_state
where
    source = %(source)s
    and instance = %(instance)s
    and software not like 'unknown%%'
    and software_seen_at > clock_timestamp() - interval '7 days';
