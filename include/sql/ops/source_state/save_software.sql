-- Remembers what an instance says it runs. Rows in and out: one.

insert into {{ ops }}.source_state (source, instance, software, software_seen_at)
values (%(source)s, %(instance)s, %(software)s, clock_timestamp())
on conflict (source, instance) do update
    set
        software = excluded.software,
        software_seen_at = excluded.software_seen_at,
        updated_at = clock_timestamp();
