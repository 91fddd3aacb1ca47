-- The moods that were never met before: in whatever any model has said of any wording of these posts, so that a mood
-- is here or not however the loads came.
-- Grain: one label, band, model and revision. Rows in: seen, predictions. Rows out: the new ones.
insert into {{ silver }}.dim_sentiment (label, confidence_band, model, model_revision)
select distinct
    predicted.label,
    {{ silver }}.confidence_band(predicted.confidence) as confidence_band,
    predicted.model,
    predicted.model_revision
from seen
inner join {{ silver }}.post_sentiments as predicted
    on
        seen.source = predicted.source
        and seen.instance = predicted.instance
        and seen.post_id = predicted.post_id
on conflict (label, confidence_band, model, model_revision) do nothing
