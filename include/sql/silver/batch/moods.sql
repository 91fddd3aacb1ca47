-- What the default model says of the text each post has now, where it has read it; a post read from several
-- instances may have it several times.
-- Grain: one post. Rows in: posts, seen, predictions. Rows out: one per post that has a mood.
create temp table moods on commit drop as
select distinct on (posts.content_key)
    posts.content_key,
    predicted.label,
    predicted.confidence,
    predicted.model,
    predicted.model_revision,
    (predicted.scores ->> 'positive')::double precision
    - (predicted.scores ->> 'negative')::double precision as mood,
    {{ silver }}.confidence_band(predicted.confidence) as confidence_band
from posts
inner join seen on posts.uri = seen.uri
inner join {{ silver }}.post_sentiments as predicted
    on
        seen.source = predicted.source
        and seen.instance = predicted.instance
        and seen.post_id = predicted.post_id
        and posts.input_hash = predicted.input_hash
where
    predicted.model = %(model)s
    and predicted.model_revision = %(model_revision)s
    and predicted.backend = %(backend)s
    and predicted.precision = %(precision)s
    and predicted.preprocessing_version = %(preprocessing_version)s
order by
    posts.content_key, predicted.source collate "C", predicted.instance collate "C", predicted.post_id collate "C"
