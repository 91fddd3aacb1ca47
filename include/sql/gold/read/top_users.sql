-- The accounts with most engagement.
-- Grain: one account. Rows in: the rollup of accounts, by its index. Rows out: at most %(most)s.

with

top as (
    select *
    from {{ gold }}.rollup_account
    order by engagement desc
    fetch first %(most)s rows with ties
)

select
    dim_account.acct,
    dim_account.instance,
    dim_account.followers_count as followers,
    dim_account.influence_tier as tier,
    top.posts,
    top.engagement,
    top.engagement / top.posts::double precision as mean_engagement,
    top.mood_micros / 1e6::double precision / nullif(top.scored, 0) as mood,
    top.last_day
from top
inner join {{ silver }}.account_identities on top.account_uri = account_identities.account_uri
inner join {{ silver }}.dim_account
    on
        account_identities.source = dim_account.source
        and account_identities.instance = dim_account.instance
        and account_identities.account_id = dim_account.account_id
        and dim_account.is_current
order by top.engagement desc, top.posts desc, top.account_uri asc
limit %(most)s;
