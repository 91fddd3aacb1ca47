-- The signed delta of this batch: what every rollup in silver and gold is kept exact by.
-- Grain: one post and sign. Rows in: counted_before, counted_after. Rows out: -1 with the old state, +1 with the new
-- one, for posts whose counted state changed.
create temp table fact_changes on commit drop as
select
    (-1)::smallint as sign,
    before.*
from counted_before as before
left join counted_after as after on before.content_key = after.content_key
where before is distinct from after
union all
select
    1::smallint as sign,
    after.*
from counted_after as after
left join counted_before as before on after.content_key = before.content_key
where before is distinct from after
