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
        edit.input_hash
    from {{ silver }}.post_versions as edit
    where edit.version_seq > 1 and edit.valid_from >= %(since)s
    order by edit.valid_from desc
    limit %(candidates)s
),

-- A model says one thing of one text, whoever wrote it: any prediction of it will do.
flips as (
    select
        edits.*,
        previous.content_text as content_before,
        before.label as label_before,
        after.label
    from edits
    inner join {{ silver }}.post_versions as previous
        on edits.content_key = previous.content_key and edits.version_seq - 1 = previous.version_seq
    cross join
        lateral (
            select known.label
            from {{ silver }}.post_sentiments as known
            where
                known.model = %(model)s
                and known.model_revision = %(model_revision)s
                and known.backend = %(backend)s
                and known.precision = %(precision)s
                and known.preprocessing_version = %(preprocessing_version)s
                and known.input_hash = previous.input_hash
            order by known.input_hash
            limit 1
        ) as before
    cross join
        lateral (
            select known.label
            from {{ silver }}.post_sentiments as known
            where
                known.model = %(model)s
                and known.model_revision = %(model_revision)s
                and known.backend = %(backend)s
                and known.precision = %(precision)s
                and known.preprocessing_version = %(preprocessing_version)s
                and known.input_hash = edits.input_hash
            order by known.input_hash
            limit 1
        ) as after
    where before.label <> after.label
)

select
    dim_content.uri,
    flips.version_seq,
    flips.valid_from as edited_at,
    flips.label_before,
    flips.label,
    flips.content_before,
    flips.content_text
from flips
inner join {{ gold }}.rollup_post on flips.content_key = rollup_post.content_key
inner join {{ silver }}.dim_content on flips.content_key = dim_content.content_key
order by flips.valid_from desc, dim_content.uri asc
limit %(most)s;
