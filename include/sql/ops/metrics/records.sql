-- What jobs counted, added up over all their endings.
-- Grain: one source and thing counted. Rows in: every ending. Rows out: one for each.
select
    coalesce(endings.source, '') as source,
    counted.key as counted,
    sum(counted.value::numeric)::double precision as total
from {{ ops }}.job_endings as endings
cross join jsonb_each(endings.counts) as counted
where
    counted.key = any(%(counted)s)
    and jsonb_typeof(counted.value) = 'number'
group by endings.source, counted.key
order by source, counted.key
