-- When an address turns out to mean another account, every post of both is loaded again in this batch.
-- Grain: one post. Rows in: identity_changes. Rows out: posts added to touched; hardly ever any.
insert into touched (uri)
select distinct content.uri
from identity_changes as change
cross join
    lateral (
        values
        (change.source, change.instance, change.account_id),
        (change.old_source, change.old_instance, change.old_account_id)
    ) as meant (source, instance, account_id)
inner join {{ silver }}.dim_account as account
    on
        meant.source = account.source
        and meant.instance = account.instance
        and meant.account_id = account.account_id
inner join {{ silver }}.fact_toot_engagement as fact on account.account_key = fact.account_key
inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
where
    (change.source, change.instance, change.account_id)
    is distinct from (change.old_source, change.old_instance, change.old_account_id)
on conflict do nothing
