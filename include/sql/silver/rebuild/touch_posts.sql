-- The posts of some days, as silver has them and as bronze does, and all that hangs in a thread with a post that bronze
-- does not know.
-- Grain: one post. Rows in: %(since)s to %(until)s. Rows out: each once, in the table touched.
with known as (
    select
        content.content_key,
        content.uri,
        exists(
            select from {{ bronze }}.post_observations as observed
            where observed.uri = content.uri and observed.event_type not in ('deletion', 'reblog')
        ) as is_read
    from {{ silver }}.dim_content as content
    left join {{ silver }}.fact_toot_engagement as fact on content.content_key = fact.content_key
    where
        (content.created_at >= %(since)s and content.created_at < %(until)s)
        or (fact.created_at >= %(since)s and fact.created_at < %(until)s)
),

invented as (
    select
        known.content_key,
        coalesce(reply.root_key, known.content_key) as root_key
    from known
    left join {{ silver }}.thread_replies as reply on known.content_key = reply.content_key
    where not known.is_read
)

insert into touched (uri)
select uri from known
union
select observed.uri
from {{ bronze }}.post_observations as observed
where
    observed.event_type <> 'reblog'
    and observed.created_at >= %(since)s
    and observed.created_at < %(until)s
union
select content.uri
from invented
inner join {{ silver }}.thread_replies as reply on invented.root_key in (reply.root_key, reply.parent_key)
inner join {{ silver }}.dim_content as content on reply.content_key = content.content_key
