-- What an instance was seen to run. Rows out: none or one.

select software
from {{ ops }}.source_state
where
    source = %(source)s
    and instance = %(instance)s
    and software is not null;
