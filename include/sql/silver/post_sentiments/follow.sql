-- What models said of a text still holds when a name in it became a pseudonym. Where the new wording was read
-- meanwhile, that counts, and the old row goes. Grain: one prediction.
with

known as (
    select
        preprocessing_version,
        model,
        model_revision,
        backend,
        precision
    from {{ silver }}.post_sentiments
    where
        source = %(source)s
        and instance = %(instance)s
        and post_id = %(post_id)s
        and input_hash = %(new_hash)s
),

superseded as (
    delete from {{ silver }}.post_sentiments
    where
        source = %(source)s
        and instance = %(instance)s
        and post_id = %(post_id)s
        and input_hash = %(old_hash)s
        and %(old_hash)s <> %(new_hash)s
        and (preprocessing_version, model, model_revision, backend, precision) in (select * from known)
)

update {{ silver }}.post_sentiments
set input_hash = %(new_hash)s
where
    source = %(source)s
    and instance = %(instance)s
    and post_id = %(post_id)s
    and input_hash = %(old_hash)s
    and (preprocessing_version, model, model_revision, backend, precision) not in (select * from known)
