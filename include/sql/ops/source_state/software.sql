-- What an instance was seen to run: for a day, since servers are upgraded and replaced; one that would not say is asked
-- again after an hour. Rows out: none or one.

select software
from {{ ops }}.source_state
where
    source = %(source)s
    and instance = %(instance)s
    and software_seen_at
    > clock_timestamp() - case software when 'unknown' then interval '50 minutes' else interval '1 day' end;
