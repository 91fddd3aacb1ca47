-- What the forgotten account wrote, wherever it was read. Grain: one post on one instance.
create temp table forgotten_posts on commit drop as
with written as (
    select distinct observed.uri
    from {{ bronze }}.post_observations as observed
    inner join forgotten_accounts as account
        on
            observed.account_uri = account.account_uri
            or (
                observed.source = account.source
                and observed.instance = account.instance
                and observed.account_id = account.account_id
            )
    where observed.event_type <> 'reblog'
)

select distinct
    observed.source,
    observed.instance,
    observed.post_id,
    observed.uri
from {{ bronze }}.post_observations as observed
inner join written on observed.uri = written.uri
where observed.event_type <> 'reblog'
