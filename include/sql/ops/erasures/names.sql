-- Every name that an account was ever seen under; all of bronze is read. Grain: one name on one instance.
select
    source,
    instance,
    account_id,
    account_uri,
    acct,
    url
from {{ bronze }}.account_names
