-- What the affected posts counted as before the batch.
-- Grain: one post that counts. Rows in: none yet. Rows out: an empty table for the length of the transaction.
create temp table counted_before on commit drop as
select *
from {{ silver }}.counted_posts(%(visibilities)s::text[])
with no data
