-- The mood of each post as it reads now; an edit takes it away until the model has read the new text.
-- Grain: one post. Rows in: posts, moods. Rows out: one per post that has a mood.
with outdated as (
    delete from {{ silver }}.current_moods as known
    using posts
    where
        known.content_key = posts.content_key
        and not exists (select from moods where moods.content_key = posts.content_key)
)

insert into {{ silver }}.current_moods as known (
    content_key, label, confidence, mood
)
select
    content_key,
    label,
    confidence,
    mood
from moods
on conflict (content_key) do update set
    label = excluded.label,
    confidence = excluded.confidence,
    mood = excluded.mood
where
(known.label, known.confidence, known.mood)
is distinct from (excluded.label, excluded.confidence, excluded.mood)
