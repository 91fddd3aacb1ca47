-- What was found when each rule was last looked at. Grain: one rule. Rows in and out: all.
select
    rule,
    is_well,
    sentence,
    since,
    looked_at
from {{ ops }}.watch_state
order by rule
