-- Says that an account was forgotten; more names of the same account are added. Grain: one account. Rows out: one.
insert into {{ ops }}.erasures as known (source, instance, account_digest, digests, requested_at)
values (%(source)s, %(instance)s, %(account_digest)s, %(digests)s, %(requested_at)s)
on conflict (source, instance, account_digest) do update
    set
        digests = array(select distinct unnest(known.digests || excluded.digests) as digest order by digest),
        requested_at = least(known.requested_at, excluded.requested_at)
returning digests, requested_at
