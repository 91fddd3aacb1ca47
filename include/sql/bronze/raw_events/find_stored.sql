-- Which things of a batch are stored already, with whatever payload: the others need no comparing.
-- Grain: one thing. Rows in: JSON arrays of equal length, which the client writes in a fifth of the time of others.
-- Rows out: the places in them, from 1, of those that are stored.

select thing.place
from
    unnest(
        array(select json_array_elements_text(%(sources)s)),
        array(select json_array_elements_text(%(instances)s)),
        array(select json_array_elements_text(%(post_ids)s)),
        array(select json_array_elements_text(%(occurred_ats)s)::timestamptz)
    ) with ordinality as thing (source, instance, post_id, occurred_at, place)
cross join lateral (  -- noqa: ST05
    select from {{ bronze }}.raw_events as raw
    where
        raw.source = thing.source
        and raw.instance = thing.instance
        and raw.post_id = thing.post_id
        and raw.occurred_at = thing.occurred_at
    -- One probe of the index for each thing, whatever the planner thinks of an empty table.
    limit 1  -- noqa: AM09
) as stored;
