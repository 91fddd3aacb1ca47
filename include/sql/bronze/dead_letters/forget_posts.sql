-- Letters about posts of theirs, whatever they say: a text alone does not name its author. Grain: one letter.
delete from {{ bronze }}.dead_letters as letter
using forgotten_posts
where
    letter.source = forgotten_posts.source
    and letter.instance = forgotten_posts.instance
    and letter.post_id = forgotten_posts.post_id
