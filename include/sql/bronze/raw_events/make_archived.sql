-- A table of this transaction's own that a file of the archive is read into.
create temp table archived_events (like {{ bronze }}.raw_events including defaults) on commit drop
