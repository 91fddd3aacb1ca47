-- What the affected posts count as now.
-- Grain: one post that counts. Rows in: affected. Rows out: one each.
create temp table counted_after on commit drop as
select counted.*
from affected
inner join {{ silver }}.counted_posts(%(visibilities)s::text[]) as counted
    on affected.content_key = counted.content_key
