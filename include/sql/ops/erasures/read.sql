-- The keyed hashes of every name that was forgotten on request. Grain: one hash.
select distinct unnest(digests) as digest
from {{ ops }}.erasures
