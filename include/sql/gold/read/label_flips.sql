-- Posts whose mood changed when they were edited, as one model reads their wordings.
-- Grain: one edit. Rows in: the edits from %(since)s on, the latest first, until enough are found that changed it. Rows
-- out: at most %(most)s, the latest first.

with

-- A model says one thing of one text, whoever wrote it: any prediction of it will do.
flips as (
    select
        edits.content_key,
        edits.version_seq,
        edits.valid_from,
        edits.content_text,
        previous.content_text as content_before,
        labels.before as label_before,
        labels.after as label
    from {{ silver }}.post_versions as edits
    inner join {{ gold }}.rollup_post on edits.content_key = rollup_post.content_key
    inner join {{ silver }}.post_versions as previous
        on edits.content_key = previous.content_key and edits.version_seq - 1 = previous.version_seq
    cross join
        lateral (
            select
                max(said.label) filter (where not texts.is_edited) as before,
                max(said.label) filter (where texts.is_edited) as after
            from (values (false, previous.input_hash), (true, edits.input_hash)) as texts (is_edited, input_hash)
            cross join
                lateral (
                    select known.label
                    from {{ silver }}.post_sentiments as known
                    where
                        known.input_hash = texts.input_hash
                        and known.model = %(model)s
                        and known.model_revision = %(model_revision)s
                        and known.backend = %(backend)s
                        and known.precision = %(precision)s
                        and known.preprocessing_version = %(preprocessing_version)s
                    order by known.input_hash
                    limit 1
                ) as said
        ) as labels
    where edits.version_seq > 1 and edits.valid_from >= %(since)s and labels.before <> labels.after
    order by edits.valid_from desc
    fetch first %(most)s rows with ties
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
inner join {{ silver }}.dim_content on flips.content_key = dim_content.content_key
order by flips.valid_from desc, dim_content.uri asc
limit %(most)s;
