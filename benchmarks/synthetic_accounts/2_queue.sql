-- Marks these accounts pending.
-- Grain: one account. Rows in: bronze.account_observations. Rows out: those made up here.

insert into {{ bronze }}.accounts_to_load (account_uri)
select distinct account_uri
from {{ bronze }}.account_observations
where pipeline_run_id = 'cli/synthetic';
