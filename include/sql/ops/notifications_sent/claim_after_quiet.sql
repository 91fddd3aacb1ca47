-- Claims the right to tell of trouble: the first to ask gets it, and then nobody for a while; and nobody where the
-- channel was told of as much as it can bear.
-- Grain: one thing to say. Rows in: one. Rows out: one if it may be said now, with what was known of it; else none.
insert into {{ ops }}.notifications_sent as said (channel, kind, subject, pipeline_run_id, digest)
select
    %(channel)s,
    %(kind)s,
    %(subject)s,
    %(pipeline_run_id)s,
    %(digest)s
where (
    select count(*)
    from {{ ops }}.notifications_sent as lately
    where
        lately.channel = %(channel)s
        and lately.digest is not null
        and lately.sent_at > now() - %(quiet)s::interval
) < %(most)s
on conflict (channel, kind, subject) do update
    set
        sent_at = now(),
        pipeline_run_id = excluded.pipeline_run_id,
        digest = excluded.digest,
        well_at = null
    where said.sent_at < now() - %(quiet)s::interval
returning old.sent_at, old.pipeline_run_id, old.digest, old.well_at
