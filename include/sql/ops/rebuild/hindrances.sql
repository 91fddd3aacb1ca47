-- What hangs on silver or gold and would not survive their replacement: materialized views, foreign keys and functions
-- elsewhere that are bound to their tables, and triggers and policies that no migration made.
-- Grain: one thing. Rows in: the catalog. Rows out: none as a rule.

with

relations as (
    select
        pg_class.oid,
        pg_namespace.nspname,
        pg_class.relname
    from pg_catalog.pg_class
    inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where pg_namespace.nspname in ('{{ silver }}', '{{ gold }}')
),

bound as (
    select
        pg_describe_object(pg_depend.classid, pg_depend.objid, 0) as thing,
        case pg_depend.classid
            when 'pg_rewrite'::regclass
                then (
                    select reader.relnamespace
                    from pg_catalog.pg_rewrite
                    inner join
                        pg_catalog.pg_class as reader
                        on pg_rewrite.ev_class = reader.oid and reader.relkind = 'm'
                    where pg_rewrite.oid = pg_depend.objid
                )
            when 'pg_constraint'::regclass
                then (
                    select pg_constraint.connamespace
                    from pg_catalog.pg_constraint
                    where pg_constraint.oid = pg_depend.objid
                )
            when 'pg_proc'::regclass then (
                select pg_proc.pronamespace from pg_catalog.pg_proc where pg_proc.oid = pg_depend.objid
            )
        end as place
    from relations
    inner join pg_catalog.pg_depend
        on relations.oid = pg_depend.refobjid and pg_depend.refclassid = 'pg_class'::regclass
)

select bound.thing
from bound
inner join pg_catalog.pg_namespace on bound.place = pg_namespace.oid
where pg_namespace.nspname not in ('{{ silver }}', '{{ gold }}')
union
select format('trigger %%I on %%I.%%I', pg_trigger.tgname, relations.nspname, relations.relname) as thing
from relations
inner join pg_catalog.pg_trigger on relations.oid = pg_trigger.tgrelid and not pg_trigger.tgisinternal
where
    not exists (
        select
        from pg_catalog.pg_trigger as fresh
        where
            fresh.tgname = pg_trigger.tgname
            and fresh.tgrelid = to_regclass(format('%%I.%%I', relations.nspname || '_rebuild', relations.relname))
    )
union
select format('policy %%I on %%I.%%I', pg_policy.polname, relations.nspname, relations.relname) as thing
from relations
inner join pg_catalog.pg_policy on relations.oid = pg_policy.polrelid
order by thing;
