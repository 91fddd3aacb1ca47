-- An account that was forgotten is a pseudonym where its timeline was read. Grain: one step.
update {{ bronze }}.pipeline_steps
set
    target = %(renamed)s,
    error = replace(error, %(acct)s, %(who)s)
where target = %(target)s
