-- Marks every account that was ever observed for the new silver.
-- Grain: one account. Rows in: bronze.account_observations. Rows out: one each.

insert into {{ bronze }}_rebuild.accounts_to_load (account_uri)
select distinct account_uri
from {{ bronze }}.account_observations;
