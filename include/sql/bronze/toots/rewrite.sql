-- What a post says, with pseudonyms. Grain: one post of one instance.
update {{ toots }}
set
    content = %(content)s,
    content_text = %(content_text)s,
    content_hash = %(content_hash)s,
    content_length = %(content_length)s,
    word_count = %(word_count)s,
    spoiler_text = %(spoiler_text)s,
    mentions = %(mentions)s,
    mention_accts = %(mention_accts)s,
    reblog = %(reblog)s,
    media_attachments = %(media_attachments)s,
    card = %(card)s,
    poll = %(poll)s,
    quote = %(quote)s,
    account = %(account)s,
    in_reply_to_account_id = %(in_reply_to_account_id)s
where source = %(source)s and instance = %(instance)s and id = %(id)s
