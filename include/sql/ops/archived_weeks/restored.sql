-- Says that a person brought a week back. Grain: one week. Rows out: one.
update {{ ops }}.archived_weeks
set restored_at = now()
where week = %(week)s
