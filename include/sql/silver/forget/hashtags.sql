-- The tags of a forgotten account as everybody else left them; one that nobody else ever used goes.
-- Grain: one tag. Rows in: forgotten_tags. Every observation is read.
merge into {{ silver }}.hashtags as known
using (
    select
        forgotten.name,
        others.shown,
        others.first_seen_at,
        others.last_seen_at
    from forgotten_tags as forgotten
    left join (  -- noqa: ST05
        select
            tag.name,
            (array_agg(tag.shown order by observed.created_at, tag.shown collate "C"))[1] as shown,
            min(observed.created_at) as first_seen_at,
            max(observed.created_at) as last_seen_at
        from {{ bronze }}.post_observations as observed
        cross join lateral jsonb_to_recordset(observed.tags) as tag (name text, shown text)
        where
            not observed.is_deleted
            and observed.event_type <> 'reblog'
            and tag.name in (select name from forgotten_tags)
        group by tag.name
    ) as others on forgotten.name = others.name
) as tag on known.name = tag.name
when matched and tag.shown is null then delete
when matched then
    update
        set
            shown = tag.shown,
            first_seen_at = tag.first_seen_at,
            last_seen_at = tag.last_seen_at
