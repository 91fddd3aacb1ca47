-- Posts that point at a version that ends before they were written, or that is to go; its start never moves.
-- Grain: one post. Rows in: standing. Rows out: the post, and the version that was valid at its creation.
create temp table strays on commit drop as
with lost as (
    select
        standing.history,
        fact.content_key,
        fact.created_at
    from standing
    inner join {{ silver }}.fact_toot_engagement as fact
        on standing.account_key = fact.account_key and standing.valid_to <= fact.created_at
    where standing.stays and standing.valid_to <> 'infinity'
    union all
    select
        standing.history,
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
        lost.history = home.history
        and home.stays
        and lost.created_at >= home.valid_from
        and lost.created_at < home.valid_to
