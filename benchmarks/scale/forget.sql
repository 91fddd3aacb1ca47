-- A day that is kept no longer.
delete from {{ facts }}
where created_at < timestamptz '2026-09-02 00:00:00+00';
