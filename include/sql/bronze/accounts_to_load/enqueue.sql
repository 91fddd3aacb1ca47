-- Tells silver which accounts have observations that it has not loaded.
-- Grain: one account. Rows in: addresses. Rows out: each once.
insert into {{ bronze }}.accounts_to_load (account_uri)
select distinct unnest(%(uris)s::text[])
