-- How many of the staged posts say what another post says word for word, whoever wrote it and wherever.
-- Grain: one row. Rows in: staged_posts, already written as observations. Rows out: their number, each post once.
select count(distinct staged.uri) as duplicates
from staged_posts as staged
where
    staged.input_hash is not null
    and exists (
        select from {{ bronze }}.post_observations as other
        where other.content_hash = staged.content_hash and other.uri <> staged.uri
    )
