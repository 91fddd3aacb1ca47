-- What Airflow and Metabase keep for themselves: a role and a database each. The warehouse's own come from
-- `chorus warehouse bootstrap`. psql runs this as the server's administrator at every start; a changed password is set.
\set ON_ERROR_STOP on
\getenv airflow_password AIRFLOW_DATABASE_PASSWORD
\getenv metabase_password METABASE_DATABASE_PASSWORD

-- Else the passwords below would be kept among the statements.
set pg_stat_statements.track_utility = off;

select format('create role %I login', name) from unnest(array['airflow', 'metabase']) as name
where not exists (select from pg_roles where rolname = name) \gexec
alter role airflow password :'airflow_password';
alter role metabase password :'metabase_password';

-- Databases made from now on, the warehouse's among them, have these where the server brings them.
\connect template1
select format('create extension if not exists %I', name) from pg_available_extensions
where name in ('pg_stat_statements', 'pg_trgm') \gexec

\connect postgres
select format('create database %1$I owner %1$I', name) from unnest(array['airflow', 'metabase']) as name
where not exists (select from pg_database where datname = name) \gexec
revoke all on database airflow, metabase from public;
