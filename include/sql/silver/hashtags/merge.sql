-- Every tag that any look at a post ever showed, as its earliest post writes it; it stays when an edit takes it away.
-- Grain: one tag. Rows in: looks. Rows out: one each.
merge into {{ silver }}.hashtags as known
using (
    select
        tag.name,
        (array_agg(tag.shown order by looks.created_at, tag.shown collate "C"))[1] as shown,
        min(looks.created_at) as first_seen_at,
        max(looks.created_at) as last_seen_at
    from looks
    inner join {{ bronze }}.post_observations as observed on looks.observation_id = observed.observation_id
    cross join lateral jsonb_to_recordset(observed.tags) as tag (name text, shown text)
    where not looks.is_deleted
    group by tag.name
) as tag on known.name = tag.name
when matched and (
    (tag.first_seen_at, tag.shown collate "C") < (known.first_seen_at, known.shown collate "C")
    or tag.last_seen_at > known.last_seen_at
) then
    update
        set
            shown = case
                when
                    (tag.first_seen_at, tag.shown collate "C") < (known.first_seen_at, known.shown collate "C")
                    then tag.shown
                else known.shown
            end,
            first_seen_at = least(known.first_seen_at, tag.first_seen_at),
            last_seen_at = greatest(known.last_seen_at, tag.last_seen_at)
when not matched then
    insert (name, shown, first_seen_at, last_seen_at)
    values (tag.name, tag.shown, tag.first_seen_at, tag.last_seen_at)
