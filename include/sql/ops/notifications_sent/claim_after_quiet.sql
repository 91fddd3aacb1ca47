-- Claims the right to say something again: the first to ask gets it, and then nobody for a while.
-- Grain: one thing to say. Rows in: one. Rows out: one if it may be said now, else none.
insert into {{ ops }}.notifications_sent as said (channel, kind, subject, pipeline_run_id, digest)
values (%(channel)s, %(kind)s, %(subject)s, %(pipeline_run_id)s, %(digest)s)
on conflict (channel, kind, subject) do update
    set
        sent_at = now(),
        pipeline_run_id = excluded.pipeline_run_id,
        digest = excluded.digest
    where said.sent_at < now() - %(quiet)s
returning said.subject
