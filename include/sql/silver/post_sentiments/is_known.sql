-- Has this model ever read anything here?
-- Grain: one row, one truth.
select exists(
    select from {{ silver }}.post_sentiments as known
    where
        known.model = %(model)s
        and known.model_revision = %(model_revision)s
        and known.backend = %(backend)s
        and known.precision = %(precision)s
        and known.preprocessing_version = %(preprocessing_version)s
)
