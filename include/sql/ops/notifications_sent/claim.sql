-- Claims the right to say something once and for ever: of several who ask, one gets each subject.
-- Grain: one subject. Rows in: the subjects. Rows out: those that nobody had claimed.
insert into {{ ops }}.notifications_sent (channel, kind, subject, pipeline_run_id)
select
    %(channel)s,
    %(kind)s,
    subjects.subject,
    %(pipeline_run_id)s
from unnest(%(subjects)s::text[]) as subjects (subject)
on conflict do nothing
returning subject
