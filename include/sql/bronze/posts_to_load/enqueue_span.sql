-- Has silver load the posts of a span of time again, and their authors: those that it holds, and those that wait.
-- Grain: one post. Rows in: posts of the 49-column table and of silver. Rows out: how many posts and accounts.
with
posts as (
    select toots.uri from {{ toots }} as toots
    where
        toots.created_at >= %(since)s
        and toots.created_at < %(until)s
        and (%(source)s::text is null or toots.source = %(source)s)
    union
    select content.uri
    from {{ silver }}.fact_toot_engagement as fact
    inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
    where
        fact.created_at >= %(since)s
        and fact.created_at < %(until)s
        and (%(source)s::text is null or content.source = %(source)s)
),

authors as (
    select distinct observed.account_uri
    from posts
    inner join {{ bronze }}.post_observations as observed on posts.uri = observed.uri
    where observed.account_uri is not null
),

queued_posts as (
    insert into {{ bronze }}.posts_to_load (uri)
    select posts.uri from posts
    where %(really)s
),

queued_accounts as (
    insert into {{ bronze }}.accounts_to_load (account_uri)
    select authors.account_uri from authors
    where %(really)s
)

select
    (select count(*) from posts) as posts,
    (select count(*) from authors) as accounts
