-- Puts the new silver and gold where people look, with the predictions that no rebuild makes again. Renaming a schema
-- waits for nobody: who reads the old tables goes on reading them. View counters go on counting, so that a refresh
-- that began before cannot call a view up to date. A script, run inside a transaction. Rows in and out: none.

drop view {{ silver }}_rebuild.post_sentiments;
alter table {{ silver }}.post_sentiments set schema {{ silver }}_rebuild;

update {{ gold }}_rebuild.view_state as fresh
set
    changes = fresh.changes + known.changes,
    refreshed_changes = fresh.refreshed_changes + known.changes
from {{ gold }}.view_state as known
where fresh.view_name = known.view_name;

alter schema {{ silver }} rename to {{ silver }}_before;
alter schema {{ gold }} rename to {{ gold }}_before;
alter schema {{ silver }}_rebuild rename to {{ silver }};
alter schema {{ gold }}_rebuild rename to {{ gold }};
