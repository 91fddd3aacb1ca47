-- Writes one day down, unless it stands there already from the same input.
-- Grain: one day on one instance. Rows in: one. Rows out: one where something was new.

insert into {{ gold }}.daily_summaries as known (
    day, source, instance, window_since, window_until, template_version, statistics, input_hash, text
)
values (
    %(day)s,
    %(source)s,
    %(instance)s,
    %(day)s::timestamp at time zone 'UTC',
    (%(day)s::date + 1)::timestamp at time zone 'UTC',
    %(template_version)s,
    %(statistics)s,
    %(input_hash)s,
    %(text)s
)
on conflict (day, source, instance) do update
    set
        template_version = excluded.template_version,
        statistics = excluded.statistics,
        input_hash = excluded.input_hash,
        text = excluded.text,
        written_at = now()
    where known.input_hash <> excluded.input_hash;
