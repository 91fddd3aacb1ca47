-- The functions and procedures of the schemas, each with its whole text. Grain: one row per routine; those that an
-- extension brought left out.
select
    pg_namespace.nspname,
    pg_proc.proname || '(' || pg_get_function_identity_arguments(pg_proc.oid) || ')' as relname,
    jsonb_build_object(
        'kind', case pg_proc.prokind when 'p' then 'procedure' else 'function' end,
        'says', obj_description(pg_proc.oid, 'pg_proc'),
        'definition', pg_get_functiondef(pg_proc.oid)
    ) as what
from pg_catalog.pg_proc
inner join pg_catalog.pg_namespace on pg_proc.pronamespace = pg_namespace.oid
where
    pg_namespace.nspname = any(%(schemas)s)
    and not exists (
        select from pg_catalog.pg_depend
        where
            pg_depend.classid = 'pg_proc'::regclass
            and pg_depend.objid = pg_proc.oid
            and pg_depend.deptype = 'e'
    )
order by pg_namespace.nspname, relname;
