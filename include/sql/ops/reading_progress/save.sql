-- Remembers where the reading of a target goes on, once all before that is kept.
-- Grain: one row per run and target. Rows in and out: one.
insert into {{ ops }}.reading_progress (pipeline_run_id, target, reads_since, reads_until, cursor, pages, counts)
values (%(pipeline_run_id)s, %(target)s, %(since)s, %(until)s, %(cursor)s, %(pages)s, %(counts)s)
on conflict (pipeline_run_id, target) do update set
    reads_since = excluded.reads_since,
    reads_until = excluded.reads_until,
    cursor = excluded.cursor,
    pages = excluded.pages,
    counts = excluded.counts,
    saved_at = now()
