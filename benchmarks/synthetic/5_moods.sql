-- Moods of four posts in five.
-- Grain: one post. Rows in: the posts after %(first)s. Rows out: those that were scored.

insert into {{ silver }}.current_moods (content_key, label, confidence, mood)
select
    content_key,
    case when mood > 0.3 then 'positive' when mood < -0.3 then 'negative' else 'neutral' end,
    0.5 + abs(mood) / 2,
    mood
from (
    select
        content_key,
        2 * random() - 1 as mood
    from {{ silver }}.dim_content
    where content_key > %(first)s and content_key %% 5 > 0
) as scored;
