-- Everything that counts, as if one load had brought it all.
-- Grain: one post that counts. Rows in: %(visibilities)s. Rows out: one each, with sign 1.

create temporary table fact_changes on commit drop as
select
    1::smallint as sign,
    counted.*
from {{ silver }}.counted_posts(%(visibilities)s::text[]) as counted;
