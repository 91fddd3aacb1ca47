-- Every row is a post that was read, and has its one fact; with check_observed: as many rows as addresses.
-- Grain: one broken row. Rows in: the youngest `depth` posts, all where that is null. Rows out: none when all is well;
-- the addresses of five.
with youngest as (
    select
        content_key,
        uri
    from {{ silver }}.dim_content
    order by content_key desc
    limit %(depth)s
)

select youngest.uri as broken
from youngest
left join {{ silver }}.fact_toot_engagement as fact on youngest.content_key = fact.content_key
where
    fact.content_key is null
    or not exists (
        select from {{ bronze }}.post_observations as observed
        where
            observed.uri = youngest.uri
            and observed.event_type not in ('deletion', 'reblog')
    )
order by broken
limit 5
