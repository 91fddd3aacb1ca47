-- Keeps what was found; `since` stays as long as it goes on. Grain: one rule. Rows in and out: one.
insert into {{ ops }}.watch_state as known (rule, is_well, sentence)
values (%(rule)s, %(is_well)s, %(sentence)s)
on conflict (rule) do update
    set
        is_well = excluded.is_well,
        sentence = excluded.sentence,
        since = case when known.is_well = excluded.is_well then known.since else now() end,
        looked_at = now()
