-- The accounts each post mentions now.
-- Grain: one mention. Rows in: posts. Rows out: one each.
with wanted as (
    select distinct on (posts.content_key, mention.acct)
        posts.content_key,
        mention.acct,
        mention.uri as account_uri
    from posts
    cross join lateral jsonb_to_recordset(posts.mentions) as mention (acct text, uri text)
    where mention.acct is not null
    order by posts.content_key, mention.acct, mention.uri collate "C"
),

gone as (
    delete from {{ silver }}.post_mentions as known
    using posts
    where
        known.content_key = posts.content_key
        and not exists (
            select from wanted
            where wanted.content_key = known.content_key and wanted.acct = known.acct
        )
)

insert into {{ silver }}.post_mentions as known (
    content_key, acct, account_uri
)
select
    content_key,
    acct,
    account_uri
from wanted
on conflict (content_key, acct) do update set
    account_uri = excluded.account_uri
where
known.account_uri
is distinct from excluded.account_uri
