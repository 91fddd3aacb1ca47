-- What models said of a text still holds when a name in it became a pseudonym. Grain: one prediction.
update {{ silver }}.post_sentiments
set input_hash = %(new_hash)s
where
    source = %(source)s
    and instance = %(instance)s
    and post_id = %(post_id)s
    and input_hash = %(old_hash)s
