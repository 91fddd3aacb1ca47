-- Says how much went. Grain: one account. Rows out: one.
update {{ ops }}.erasures
set
    rows_removed = %(rows_removed)s,
    finished_at = now()
where source = %(source)s and instance = %(instance)s and account_digest = %(account_digest)s
