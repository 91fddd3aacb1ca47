-- What a model said of texts it has read before, wherever they stood.
-- Grain: one text. Rows in: hashes of texts. Rows out: one for each that is known, of which the first row found says
-- what all say: what many wrote is not read in all its rows.
select
    asked.input_hash,
    known.scores,
    known.device
from unnest(%(input_hashes)b::bytea[]) as asked (input_hash)
cross join lateral (  -- noqa: ST05
    select
        post_sentiments.scores,
        post_sentiments.device
    from {{ silver }}.post_sentiments
    where
        post_sentiments.input_hash = asked.input_hash
        and post_sentiments.preprocessing_version = %(preprocessing_version)s
        and post_sentiments.model = %(model)s
        and post_sentiments.model_revision = %(model_revision)s
        and post_sentiments.backend = %(backend)s
        and post_sentiments.precision = %(precision)s
    limit 1  -- noqa: AM09
) as known
