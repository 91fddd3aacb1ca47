-- Posts whose mood changed when they were edited, as one model reads their wordings.
-- Grain: one edit. Rows in: the latest %(candidates)s edits from %(since)s on. Rows out: at most %(most)s, the latest
-- first.

with

edits as (
    select
        edit.content_key,
        edit.version_seq,
        edit.valid_from,
        edit.content_text,
        edit.input_hash,
        previous.content_text as content_before,
        previous.input_hash as hash_before
    from {{ silver }}.post_versions as edit
    inner join {{ silver }}.post_versions as previous
        on edit.content_key = previous.content_key and edit.version_seq - 1 = previous.version_seq
    where edit.version_seq > 1 and edit.valid_from >= %(since)s
    order by edit.valid_from desc
    limit %(candidates)s
),

labels as (
    select distinct
        known.input_hash,
        known.label
    from {{ silver }}.post_sentiments as known
    where
        known.input_hash in (
            select input_hash from edits
            union
            select hash_before from edits
        )
        and known.preprocessing_version = %(preprocessing_version)s
        and known.model = %(model)s
        and known.model_revision = %(model_revision)s
        and known.backend = %(backend)s
        and known.precision = %(precision)s
)

select
    dim_content.uri,
    edits.version_seq,
    edits.valid_from as edited_at,
    before.label as label_before,
    after.label,
    edits.content_before,
    edits.content_text
from edits
inner join labels as before on edits.hash_before = before.input_hash
inner join labels as after on edits.input_hash = after.input_hash and before.label <> after.label
inner join {{ gold }}.rollup_post on edits.content_key = rollup_post.content_key
inner join {{ silver }}.dim_content on edits.content_key = dim_content.content_key
order by edits.valid_from desc, dim_content.uri asc
limit %(most)s;
