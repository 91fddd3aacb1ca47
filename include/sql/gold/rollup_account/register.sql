-- Gives every account of this load its number, which stands for its address in the other rollups.
-- Grain: one row per account. Rows in: fact_changes. Rows out: the accounts that had no number.

insert into {{ gold }}.rollup_account (account_uri)
select distinct account_uri
from fact_changes
where account_uri is not null
on conflict (account_uri) do nothing;
