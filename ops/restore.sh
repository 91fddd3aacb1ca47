#!/bin/sh
# The dump on standard input takes the place of what the warehouse holds: all of it, in one transaction, or nothing.
# libpq's variables name the database and its owner, three settings of ours the layers. Every schema of the owner's goes
# first: `pg_restore --clean` can drop neither the keys of a partition nor what the dump does not know.
set -eu

ours="select pg_namespace.oid from pg_namespace join pg_roles on pg_roles.oid = nspowner
      where pg_has_role(nspowner, 'usage') and nspname !~ '^pg_' and rolname <> 'pg_database_owner'"

views=$(psql --no-psqlrc --tuples-only --no-align --command "
  select string_agg(distinct ev_class::regclass::text, ', ')
  from pg_depend join pg_rewrite on pg_rewrite.oid = pg_depend.objid
  join pg_class as reader on reader.oid = ev_class join pg_class as read on read.oid = refobjid
  where pg_depend.classid = 'pg_rewrite'::regclass and pg_depend.refclassid = 'pg_class'::regclass
  and read.relnamespace in ($ours) and reader.relnamespace not in ($ours)")
if [ -n "$views" ]; then
  echo "These read the warehouse and would go with it: $views. Drop them first, and make them again afterwards." >&2
  exit 1
fi

# A dump of something else, of one schema or of no rows would take the warehouse's place just as well. What a later version
# added is not asked for: a dump of an earlier one is put back, too, and migrated afterwards.
bronze=${BRONZE_DATABASE_SCHEMA_NAME:-bronze}
silver=${SILVER_DATABASE_SCHEMA_NAME:-dim_facts}
gold=${GOLD_DATABASE_SCHEMA_NAME:-analytics}
whole="do \$\$
declare
  lacking text;
begin
  select string_agg(name, ', ') into lacking
  from unnest(array['$bronze.raw_events', '$bronze.pipeline_runs', '$silver.dim_content', '$silver.fact_toot_engagement',
                    '$gold.view_state', 'ops.job_endings', 'ops.schema_version']) as name
  where to_regclass(name) is null;
  if lacking is not null then
    raise 'This dump holds no warehouse, or not under these names: it lacks %. Nothing was changed.', lacking;
  end if;
  if not exists (select from ops.schema_version) then
    raise 'This dump holds the tables of a warehouse and no rows. Nothing was changed.';
  end if;
end \$\$;"

# A dump that is cut short ends in what no psql takes, in the middle of a table's rows, too.
{
  echo 'set client_min_messages = warning;'
  echo "select format('drop schema %s cascade', oid::regnamespace) from ($ours) as ours \\gexec"
  pg_restore --file=- || printf '\\.\nthe dump cannot be read;\n'
} | psql --no-psqlrc --quiet --output=/dev/null --single-transaction --set=ON_ERROR_STOP=1 \
  --file=- --command='\set VERBOSITY terse' --command="$whole"
