-- What the new silver and gold are to have from the old ones beside their rows: functions whose text names the
-- schemas, views elsewhere that read them, and who may do what. Asked before the renaming, run after it.
-- Grain: one statement, in the order in which to run it. Rows in: the catalog. Rows out: as many as it takes.

with

schemas as (
    select
        oid,
        nspname,
        nspacl,
        nspowner
    from pg_catalog.pg_namespace
    where nspname in ('{{ silver }}', '{{ gold }}')
),

relations as (
    select
        pg_class.oid,
        schemas.nspname,
        pg_class.relname,
        pg_class.relacl,
        pg_class.relowner,
        case pg_class.relkind when 'S' then 'sequence' else 'table' end as kind
    from schemas
    inner join pg_catalog.pg_class on schemas.oid = pg_class.relnamespace
    where pg_class.relkind in ('r', 'p', 'v', 'm', 'S')
),

objects as (
    select
        'schema ' || quote_ident(nspname) as thing,
        nspacl as acl,
        nspowner as owner,
        (
            select fresh.nspacl from pg_catalog.pg_namespace as fresh
            where fresh.nspname = schemas.nspname || '_rebuild'
        ) as fresh_acl
    from schemas
    union all
    select
        format('%%s %%I.%%I', kind, nspname, relname) as thing,
        relacl as acl,
        relowner as owner,
        (
            select fresh.relacl
            from pg_catalog.pg_class as fresh
            inner join pg_catalog.pg_namespace as place on fresh.relnamespace = place.oid
            where place.nspname = relations.nspname || '_rebuild' and fresh.relname = relations.relname
        ) as fresh_acl
    from relations
),

readers_elsewhere as (
    select distinct
        view.oid,
        place.nspname,
        view.relname,
        view.reloptions
    from relations
    inner join pg_catalog.pg_depend
        on
            relations.oid = pg_depend.refobjid
            and pg_depend.refclassid = 'pg_class'::regclass
            and pg_depend.classid = 'pg_rewrite'::regclass
    inner join pg_catalog.pg_rewrite on pg_depend.objid = pg_rewrite.oid
    inner join pg_catalog.pg_class as view on pg_rewrite.ev_class = view.oid and view.relkind = 'v'
    inner join pg_catalog.pg_namespace as place on view.relnamespace = place.oid
    where
        place.nspname not in (
            '{{ silver }}', '{{ gold }}', '{{ silver }}_rebuild', '{{ gold }}_rebuild', '{{ bronze }}_rebuild'
        )
),

statements as (
    select
        1 as turn,
        pg_get_functiondef(pg_proc.oid) as statement
    from schemas
    inner join pg_catalog.pg_proc on schemas.oid = pg_proc.pronamespace
    union all
    select
        2 as turn,
        format(
            'create or replace view %%I.%%I %%s as %%s',
            nspname, relname, 'with (' || array_to_string(reloptions, ', ') || ')', pg_get_viewdef(oid)
        ) as statement
    from readers_elsewhere
    union all
    select distinct
        3 as turn,
        format('revoke all on %%s from %%s', objects.thing, coalesce(quote_ident(pg_roles.rolname), 'public'))
            as statement
    from objects
    cross join lateral aclexplode(objects.fresh_acl) as allowed
    left join pg_catalog.pg_roles on allowed.grantee = pg_roles.oid
    where allowed.grantee <> objects.owner
    union all
    select
        4 as turn,
        format(
            'grant %%s on %%s to %%s%%s',
            allowed.privilege_type, objects.thing, coalesce(quote_ident(pg_roles.rolname), 'public'),
            case when allowed.is_grantable then ' with grant option' end
        ) as statement
    from objects
    cross join lateral aclexplode(objects.acl) as allowed
    left join pg_catalog.pg_roles on allowed.grantee = pg_roles.oid
    where allowed.grantee <> objects.owner
)

select statement
from statements
order by turn, statement;
