-- One writer at a time for each instance, until it commits: whether another payload was seen in between can
-- only be told when nobody else is writing about the same things. In order, so that nobody waits in a circle.

select pg_advisory_xact_lock(hashtextextended(name, 0))
from (select unnest(%(instances)s::text[]) as name order by name) as instances;
