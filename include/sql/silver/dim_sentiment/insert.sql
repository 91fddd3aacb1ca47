-- The moods that were never met before.
-- Grain: one label, band, model and revision. Rows in: moods. Rows out: the new ones.
insert into {{ silver }}.dim_sentiment (label, confidence_band, model, model_revision)
select distinct
    mood.label,
    mood.confidence_band,
    mood.model,
    mood.model_revision
from moods as mood
where
    not exists (
        select from {{ silver }}.dim_sentiment as known
        where
            known.label = mood.label
            and known.confidence_band = mood.confidence_band
            and known.model = mood.model
            and known.model_revision = mood.model_revision
    )
