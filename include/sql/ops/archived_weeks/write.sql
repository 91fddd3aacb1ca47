-- Says where a week lies in the archive. Grain: one week. Rows out: one.
insert into {{ ops }}.archived_weeks as known (week, generation, file, rows, checksum, digest, bytes)
values (%(week)s, %(generation)s, %(file)s, %(rows)s, %(checksum)s, %(digest)s, %(bytes)s)
on conflict (week) do update set
    generation = excluded.generation,
    file = excluded.file,
    rows = excluded.rows,
    checksum = excluded.checksum,
    digest = excluded.digest,
    bytes = excluded.bytes,
    archived_at = now(),
    restored_at = null
where known.generation <= excluded.generation
