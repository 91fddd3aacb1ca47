-- What a post says, with pseudonyms. Grain: one observation.
update {{ bronze }}.post_observations
set
    content_html = %(content_html)s,
    content_text = %(content_text)s,
    content_hash = %(content_hash)s,
    input_hash = %(input_hash)s,
    content_length = %(content_length)s,
    word_count = %(word_count)s,
    spoiler_text = %(spoiler_text)s,
    mentions = %(mentions)s,
    media = %(media)s,
    in_reply_to_account_id = %(in_reply_to_account_id)s
where observation_id = %(observation_id)s
