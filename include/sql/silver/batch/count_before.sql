-- Remembers how posts count before anything of theirs is changed.
-- Grain: one post that counts. Rows in: affected. Rows out: those not remembered yet.
insert into counted_before
select counted.*
from affected
inner join {{ silver }}.counted_posts(%(visibilities)s::text[]) as counted
    on affected.content_key = counted.content_key
where not exists (select from counted_before as known where known.content_key = affected.content_key)
