-- Gives the right to tell of some trouble back, because it was certainly not told this time; that it was told earlier
-- stays known, so that its end will be told.
-- Grain: one thing that was said. Rows in: one. Rows out: none.
update {{ ops }}.notifications_sent
set
    sent_at = %(sent_at)s,
    pipeline_run_id = %(pipeline_run_id)s,
    digest = %(digest)s,
    well_at = %(well_at)s
where
    channel = %(channel)s
    and kind = %(kind)s
    and subject = %(subject)s
