-- Tells silver which posts have observations or predictions that it has not loaded.
-- Grain: one post. Rows in: addresses. Rows out: each once.
insert into {{ bronze }}.posts_to_load (uri)
select distinct unnest(%(uris)s::text[])
