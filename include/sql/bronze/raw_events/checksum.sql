-- How many raw events a relation holds, and a checksum of them. Rows out: one.
select
    rows,
    checksum
from {{ bronze }}.raw_events_checksum(%(relation)s::regclass)
