-- What a model said of texts it has read before, wherever they stood.
-- Grain: one text. Rows in: hashes of texts. Rows out: one for each that is known.
select distinct on (known.input_hash)
    known.input_hash,
    known.scores,
    known.device
from {{ silver }}.post_sentiments as known
where
    known.input_hash = any(%(input_hashes)b)
    and known.preprocessing_version = %(preprocessing_version)s
    and known.model = %(model)s
    and known.model_revision = %(model_revision)s
    and known.backend = %(backend)s
    and known.precision = %(precision)s
order by known.input_hash
