-- Empties what gone posts said in every look at them, where REDACT_DELETED asks for it; hashes and counts stay.
-- Grain: one look at one post. Rows in: the gone posts, by where they were read. Rows out: all looks at them.
update {{ bronze }}.post_observations as observed
set
    content_html = '',
    content_text = '',
    spoiler_text = '',
    media = '[]'
from unnest(%(sources)s::text[], %(instances)s::text[], %(post_ids)s::text[]) as gone (source, instance, post_id)
where
    observed.source = gone.source
    and observed.instance = gone.instance
    and observed.post_id = gone.post_id
    and not observed.is_deleted
