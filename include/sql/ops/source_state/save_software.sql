-- Remembers what an instance says it runs. Rows in and out: one.

insert into {{ ops }}.source_state (source, instance, software)
values (%(source)s, %(instance)s, %(software)s)
on conflict (source, instance) do update set software = excluded.software, updated_at = clock_timestamp();
