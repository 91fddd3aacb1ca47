-- What the schemas hold: one row per table or view, with its columns, indexes and constraints as JSON.
-- Grain: one row per relation; weekly partitions and the migrations' own table left out.

with

relations as (
    select
        pg_class.oid,
        pg_namespace.nspname,
        pg_class.relname,
        case pg_class.relkind
            when 'm' then 'materialized view' when 'v' then 'view' else 'table'
        end as kind,
        case when pg_class.relkind in ('m', 'v') then pg_get_viewdef(pg_class.oid) end as definition
    from pg_catalog.pg_class
    inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
    where
        pg_namespace.nspname = any(%(schemas)s)
        and pg_class.relkind in ('r', 'p', 'm', 'v')
        and not pg_class.relispartition
        and not exists (select from pg_catalog.pg_inherits where pg_inherits.inhrelid = pg_class.oid)
        and pg_class.relname <> 'schema_version'
),

columns as (
    select
        pg_attribute.attrelid as oid,
        jsonb_agg(
            jsonb_build_object(
                'name', pg_attribute.attname,
                'type', format_type(pg_attribute.atttypid, pg_attribute.atttypmod),
                'required', pg_attribute.attnotnull,
                'default', pg_get_expr(pg_attrdef.adbin, pg_attrdef.adrelid),
                'says', col_description(pg_attribute.attrelid, pg_attribute.attnum)
            )
            order by pg_attribute.attnum
        ) as items
    from pg_catalog.pg_attribute
    left join pg_catalog.pg_attrdef
        on pg_attribute.attrelid = pg_attrdef.adrelid and pg_attribute.attnum = pg_attrdef.adnum
    where pg_attribute.attnum > 0 and not pg_attribute.attisdropped
    group by pg_attribute.attrelid
),

indexes as (
    select
        pg_index.indrelid as oid,
        jsonb_object_agg(
            relation.relname,
            jsonb_build_object(
                'definition', replace(pg_get_indexdef(pg_index.indexrelid), ' ON ONLY ', ' ON '),
                'says', obj_description(pg_index.indexrelid, 'pg_class')
            )
        ) as items
    from pg_catalog.pg_index
    inner join pg_catalog.pg_class as relation on pg_index.indexrelid = relation.oid
    group by pg_index.indrelid
),

constraints as (
    select
        pg_constraint.conrelid as oid,
        jsonb_object_agg(pg_constraint.conname, pg_get_constraintdef(pg_constraint.oid)) as items
    from pg_catalog.pg_constraint
    where pg_constraint.contype <> 'n'
    group by pg_constraint.conrelid
)

select
    relations.nspname,
    relations.relname,
    jsonb_build_object(
        'kind', relations.kind,
        'says', obj_description(relations.oid, 'pg_class'),
        'definition', relations.definition,
        'columns', coalesce(columns.items, '[]'),
        'indexes', coalesce(indexes.items, '{}'),
        'constraints', coalesce(constraints.items, '{}')
    ) as what
from relations
left join columns on relations.oid = columns.oid
left join indexes on relations.oid = indexes.oid
left join constraints on relations.oid = constraints.oid
order by relations.nspname, relations.relname;
