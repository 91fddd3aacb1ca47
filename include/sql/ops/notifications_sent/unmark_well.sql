-- Gives that right back, because it could not be said. Rows in and out: at most one.
update {{ ops }}.notifications_sent
set well_at = null
where
    channel = %(channel)s
    and kind = %(kind)s
    and subject = %(subject)s
