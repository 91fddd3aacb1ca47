-- What our roles, and everybody, may do with a schema and with what stands in it; what somebody allows a role of their
-- own is theirs. Grain: one row per schema, relation or routine (null: the schema itself) and role.
with

places as (
    select *
    from pg_catalog.pg_namespace
    where nspname = any(%(schemas)s)
),

things as (
    select
        nspname,
        null as relname,
        nspacl as acl,
        nspowner as owner
    from places
    union all
    select
        places.nspname,
        pg_class.relname,
        pg_class.relacl as acl,
        pg_class.relowner as owner
    from places
    inner join pg_catalog.pg_class on places.oid = pg_class.relnamespace
    where pg_class.relkind in ('r', 'p', 'm', 'v') and not pg_class.relispartition
    union all
    select
        places.nspname,
        pg_proc.proname || '(' || pg_get_function_identity_arguments(pg_proc.oid) || ')' as relname,
        -- Where nobody granted or revoked anything, everybody may call a routine.
        coalesce(pg_proc.proacl, acldefault('f', pg_proc.proowner)) as acl,
        pg_proc.proowner as owner
    from places
    inner join pg_catalog.pg_proc on places.oid = pg_proc.pronamespace
)

select
    things.nspname,
    things.relname,
    coalesce(pg_roles.rolname, 'public') as role,
    string_agg(lower(allowed.privilege_type), ', ' order by allowed.privilege_type) as privileges
from things
cross join lateral aclexplode(things.acl) as allowed
left join pg_catalog.pg_roles on allowed.grantee = pg_roles.oid
where
    allowed.grantee <> things.owner
    and (allowed.grantee = 0 or pg_roles.rolname in ('chorus_loader', 'chorus_reader', 'chorus_monitor'))
group by things.nspname, things.relname, pg_roles.rolname
order by things.nspname, things.relname, role;
