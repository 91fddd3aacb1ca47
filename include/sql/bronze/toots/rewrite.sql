-- What a post says, with pseudonyms. Grain: one post of one instance. Rows out: it, and whether its text is another.
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
returning
    new.source,
    new.instance,
    new.id,
    new.content_text ~ '\S' as says_something,
    new.visibility,
    old.content_text is distinct from new.content_text as text_is_new,
    old.visibility as visibility_before
