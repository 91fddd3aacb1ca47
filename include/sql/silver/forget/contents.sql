-- Removes the posts of a forgotten account, and by their foreign keys all that hangs on them.
-- Grain: one post. Rows in: affected.
delete from {{ silver }}.dim_content as content
using affected
where content.content_key = affected.content_key
