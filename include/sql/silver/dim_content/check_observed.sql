-- Every post that was read has its row.
-- Grain: one missing post. Rows in: the youngest `depth` observations, all where that is null, but for those that wait
-- to be loaded. Rows out: none when all is well; the addresses of five.
with observed as (
    select
        uri,
        event_type
    from {{ bronze }}.post_observations
    order by observation_id desc
    limit %(depth)s
)

select distinct observed.uri as broken
from observed
left join {{ silver }}.dim_content as content on observed.uri = content.uri
where
    observed.event_type not in ('deletion', 'reblog')
    and content.uri is null
    and not exists (select from {{ bronze }}.posts_to_load as pending where pending.uri = observed.uri)
order by broken
limit 5
