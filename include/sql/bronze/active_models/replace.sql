-- Says which models are active now. Of one that no longer is, what waits for it goes: it would wait for ever.
-- Grain: one model. Rows in: the keys of all active models, and which of them is shown. Rows out: each that has just
-- become active, or shown, and so has missed posts.
with gone as (
    delete from {{ bronze }}.active_models
    where model_key <> all(%(model_keys)s::text[])
    returning model_key
),

unqueued as (
    delete from {{ bronze }}.posts_to_score
    where model_key in (select gone.model_key from gone)
)

insert into {{ bronze }}.active_models as known (model_key, is_shown)
select
    active.model_key,
    active.model_key = %(shown)s as is_shown
from unnest(%(model_keys)s::text[]) as active (model_key)
on conflict (model_key) do update
    set is_shown = excluded.is_shown, since = now()
    where known.is_shown is distinct from excluded.is_shown
returning known.model_key
