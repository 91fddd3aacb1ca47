-- Posts that point at a version which ends before they were written, or which is to go; its start never moves.
-- Posts that point at a version that ends before they were written, or that is to go; its start never moves.
create temp table strays on commit drop as
with standing as (
    select
        account.*,
        exists(
            select from account_versions as version
            where
                version.source = account.source
                and version.instance = account.instance
                and version.account_id = account.account_id
                and version.valid_from = account.valid_from
        ) as stays
    from histories
    inner join {{ silver }}.dim_account as account
        on
            histories.source = account.source
            and histories.instance = account.instance
            and histories.account_id = account.account_id
),

lost as (
    select
        standing.source,
        standing.instance,
        standing.account_id,
        fact.content_key,
        fact.created_at
    from standing
    inner join {{ silver }}.fact_toot_engagement as fact
        on standing.account_key = fact.account_key and standing.valid_to <= fact.created_at
    where standing.stays
    union all
    select
        standing.source,
        standing.instance,
        standing.account_id,
        fact.content_key,
        fact.created_at
    from standing
    inner join {{ silver }}.fact_toot_engagement as fact on standing.account_key = fact.account_key
    where not standing.stays
)

select
    lost.content_key,
    home.account_key
from lost
inner join standing as home
    on
        lost.source = home.source
        and lost.instance = home.instance
        and lost.account_id = home.account_id
        and home.stays
        and lost.created_at >= home.valid_from
        and lost.created_at < home.valid_to
