-- Gives claims back, because what was claimed was certainly not said.
-- Grain: one subject. Rows in: the subjects. Rows out: none.
delete from {{ ops }}.notifications_sent
where
    channel = %(channel)s
    and kind = %(kind)s
    and subject = any(%(subjects)s::text[])
