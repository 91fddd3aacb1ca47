-- Claims the right to say that some trouble is over: once, and only where people were told of the trouble.
-- Grain: one thing that was said. Rows in: at most one. Rows out: one if it may be said now, else none.
update {{ ops }}.notifications_sent
set well_at = now()
where
    channel = %(channel)s
    and kind = %(kind)s
    and subject = %(subject)s
    and digest is not null
    and well_at is null
returning subject
