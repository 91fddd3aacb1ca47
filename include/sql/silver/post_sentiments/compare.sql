-- What two models said of the same texts.
-- Grain: one pair of labels. Rows in: a sample of the texts that both have read, picked by hash and so by chance.
-- Rows out: how many texts got that pair.
with first_model as (
    select distinct on (known.input_hash)
        known.input_hash,
        known.label
    from {{ silver }}.post_sentiments as known
    where
        known.model = %(first_model)s
        and known.model_revision = %(first_model_revision)s
        and known.backend = %(first_backend)s
        and known.precision = %(first_precision)s
        and known.preprocessing_version = %(first_preprocessing_version)s
    order by known.input_hash
),

second_model as (
    select distinct on (known.input_hash)
        known.input_hash,
        known.label
    from {{ silver }}.post_sentiments as known
    where
        known.model = %(second_model)s
        and known.model_revision = %(second_model_revision)s
        and known.backend = %(second_backend)s
        and known.precision = %(second_precision)s
        and known.preprocessing_version = %(second_preprocessing_version)s
    order by known.input_hash
),

sampled as (
    select
        first_model.label as first_label,
        second_model.label as second_label
    from first_model
    inner join second_model on first_model.input_hash = second_model.input_hash
    order by first_model.input_hash
    limit %(sample)s
)

select
    sampled.first_label,
    sampled.second_label,
    count(*) as texts
from sampled
group by sampled.first_label, sampled.second_label
order by sampled.first_label, sampled.second_label
