-- Every name of a source's accounts, so that it is read once and asked often; all of bronze is read.
-- Grain: one name on one instance. Rows out: the temp table seen_names.
create temp table seen_names on commit drop as
select
    *,
    -- As `pseudonyms.handle` writes it: the same wherever it was read.
    case
        when acct like '%%@%%' then lower(acct)
        else lower(acct || '@' || coalesce(%(home)s, instance))
    end as handle
from {{ bronze }}.account_names
where source = %(source)s
