-- What a load of the posts after %(first)s would have changed.
-- Grain: one post that counts. Rows in: the posts after %(first)s. Rows out: one each, with sign 1.

create temporary table fact_changes on commit drop as
select
    1::smallint as sign,
    counted.*
from {{ silver }}.counted_posts('{public,unlisted}') as counted
where counted.content_key > %(first)s;
