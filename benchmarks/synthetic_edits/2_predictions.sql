-- What the model says of these wordings, of every third edit something else than before; and of all other posts since.
-- Grain: one text of one post. Rows in: versions, and posts since %(since)s. Rows out: one each.

insert into {{ silver }}.post_sentiments (
    source, instance, post_id, input_hash, preprocessing_version, model, model_revision, backend, precision, label,
    confidence, scores, device
)
select
    content.source,
    content.instance,
    content.post_id,
    said.input_hash,
    %(preprocessing_version)s,
    %(model)s,
    %(model_revision)s,
    %(backend)s,
    %(precision)s,
    said.label,
    0.9,
    jsonb_build_object('negative', 0.05, 'neutral', 0.05, 'positive', 0.05, said.label, 0.9),
    'cpu'
from (
    select
        version.content_key,
        version.input_hash,
        case when version.version_seq > 1 and version.content_key %% 3 = 0 then 'negative' else 'positive' end as label
    from {{ silver }}.post_versions as version
    union
    select
        content_key,
        content_hash,
        'neutral'
    from {{ silver }}.dim_content
    where created_at > %(since)s
) as said
inner join {{ silver }}.dim_content as content on said.content_key = content.content_key
on conflict do nothing;
