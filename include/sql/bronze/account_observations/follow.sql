-- Observations of a raw event that got another identity lead to it. Grain: one observation.
update {{ bronze }}.account_observations as observed
set raw_event_id = %(new_id)s
where
    observed.raw_event_id = %(id)s
    and not exists (
        select from {{ bronze }}.account_observations as other
        where other.raw_event_id = %(new_id)s and other.observed_at = observed.observed_at
    )
