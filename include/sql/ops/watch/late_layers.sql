-- Since when silver and gold have not taken in what the layer before them holds.
-- Grain: one row. Rows in: the queues of silver, the views that are behind. Rows out: one; null where nothing waits.
select
    least(
        (select min(posts.queued_at) from {{ bronze }}.posts_to_load as posts),
        (select min(accounts.queued_at) from {{ bronze }}.accounts_to_load as accounts)
    ) as silver,
    (
        select min(views.changed_at)
        from {{ gold }}.view_state as views
        where views.changes > views.refreshed_changes
    ) as gold
