-- Threads below every seventh post.
-- Grain: one thread. Rows in: the posts after %(first)s. Rows out: one in seven.

insert into {{ silver }}.conversation_threads (root_key, depth, reply_count, participants)
select
    content_key,
    1 + content_key %% 4,
    1 + content_key %% 11,
    2 + content_key %% 5
from {{ silver }}.dim_content
where content_key > %(first)s and content_key %% 7 = 0;
