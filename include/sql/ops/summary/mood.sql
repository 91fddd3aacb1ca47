-- What: how the posts that count feel, for the summary of `make run`.
-- Grain: one row.
-- Rows in: every post that is not deleted and has a mood. Rows out: 1.
select
    count(*) as scored,
    count(*) filter (where moods.label = 'positive') as positive,
    count(*) filter (where moods.label = 'neutral') as neutral,
    count(*) filter (where moods.label = 'negative') as negative,
    avg(moods.mood)::double precision as mood
from {{ silver }}.current_moods as moods
inner join {{ silver }}.fact_toot_engagement as facts on moods.content_key = facts.content_key
where facts.deleted_at is null;
