-- Takes looks out of the staged posts that are observations already, so that a replay changes nothing.
-- Grain: one look at one post. Rows in: staged_posts. Rows out: the known ones go.
delete from staged_posts as staged
using {{ bronze }}.post_observations as known
where
    known.raw_event_id = staged.raw_event_id
    and known.observed_at = staged.observed_at
