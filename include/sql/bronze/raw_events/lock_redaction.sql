-- One batch of a source at a time is written and checked for gone posts, where REDACT_DELETED asks for it: of two that
-- hold a post and its deletion, whichever comes second sees the other. Held until the transaction ends.

select pg_advisory_xact_lock(hashtextextended('redacts ' || source, 0))
from (select unnest(%(sources)s::text[]) as source order by source) as sources;
