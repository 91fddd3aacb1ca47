-- Removes the posts that nobody ever read; the others keep their keys.
-- Grain: one post. Rows in: touched. Rows out: gone.
delete from {{ silver }}.dim_content as content
using touched
where
    content.uri = touched.uri
    and not exists (
        select from {{ bronze }}.post_observations as observed
        where observed.uri = content.uri and observed.event_type not in ('deletion', 'reblog')
    )
