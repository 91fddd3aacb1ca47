-- What ops_watch found when it last looked. Grain: one rule. Rows in and out: all.
select
    rule,
    is_well,
    extract(epoch from looked_at)::double precision as looked_at
from {{ ops }}.watch_state
order by rule
