-- What: the statements that cost this database most, as pg_stat_statements counts them since it was last reset.
-- Grain: one statement, its values taken out, of one role.
-- Rows in: everything that was run here; the text of other roles' statements only where we may read it.
-- Rows out: at most %(most)s.
with here as (
    select
        statements.*,
        100 * statements.total_exec_time / nullif(sum(statements.total_exec_time) over (), 0) as percent
    from pg_stat_statements as statements
    where statements.dbid = (select oid from pg_database where datname = current_database())
)

select
    here.total_exec_time / 1000 as seconds,
    here.percent,
    here.calls,
    here.mean_exec_time as mean_ms,
    here.rows,
    here.shared_blks_read as blocks_read,
    roles.rolname as role,
    here.query
from here
inner join pg_roles as roles on here.userid = roles.oid
order by here.total_exec_time desc
limit %(most)s;
