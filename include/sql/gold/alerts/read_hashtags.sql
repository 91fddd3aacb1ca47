-- The hashtags of a window, of some sources or all, and how often each was used in the window before.
-- Grain: one hashtag. Rows in: tagged posts of both windows that count. Rows out: the most used and the fastest rising.
with used as (
    select
        tagged.hashtag_id,
        count(*) filter (where fact.created_at >= %(since)s) as posts,
        count(*) filter (where fact.created_at < %(since)s) as posts_before
    from {{ silver }}.post_hashtags as tagged
    inner join {{ silver }}.fact_toot_engagement as fact on tagged.content_key = fact.content_key
    inner join {{ silver }}.dim_content as content on tagged.content_key = content.content_key
    where
        fact.created_at >= %(before)s
        and fact.created_at < %(until)s
        and fact.deleted_at is null
        and content.visibility = any(%(visibilities)s::text[])
        and (%(sources)s::text[] is null or content.source = any(%(sources)s::text[]))
    group by tagged.hashtag_id
),

ranked as (
    select
        used.*,
        row_number() over (order by used.posts desc, used.hashtag_id asc) as place,
        row_number() over (order by used.posts - used.posts_before desc, used.hashtag_id asc) as rise
    from used
    where used.posts > 0
)

select
    hashtags.shown,
    ranked.posts,
    ranked.posts_before,
    ranked.place,
    ranked.rise
from ranked
inner join {{ silver }}.hashtags as hashtags on ranked.hashtag_id = hashtags.hashtag_id
where ranked.place <= %(most)s or ranked.rise <= %(most)s
order by ranked.place
