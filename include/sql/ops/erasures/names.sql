-- Every name that an account was ever seen under, as author, by itself or as somebody mentioned; all of it is read.
-- Grain: one name on one instance.
select
    source,
    instance,
    account_id,
    account_uri,
    acct,
    url
from {{ bronze }}.account_observations
union
select
    source,
    instance,
    account_id,
    account_uri,
    account_acct as acct,
    null as url
from {{ bronze }}.post_observations
where account_uri is not null and account_id is not null and account_acct is not null
union
select
    observed.source,
    observed.instance,
    '@' || mention.acct as account_id,
    coalesce(mention.uri, observed.source || '://' || observed.instance || '/@' || mention.acct) as account_uri,
    mention.acct,
    null as url
from {{ bronze }}.post_observations as observed
cross join lateral jsonb_to_recordset(observed.mentions) as mention (acct text, uri text)
where mention.acct is not null
