-- Remembers a refresh: how much it took, and which changes it has seen for certain. A refresh that waited for
-- another may have seen fewer than that one and leaves the view as it saw it.
-- Grain: one row per view. Rows in: %(view)s, %(changes)s, %(rows)s, %(seconds)s. Rows out: one.

update {{ gold }}.view_state
set
    refreshed_changes = %(changes)s,
    refreshed_at = now(),
    rows = %(rows)s,
    seconds = %(seconds)s
where view_name = %(view)s;
