-- Schemas, who may do what in them, and the procedure that describes tables.
-- Roles themselves are made once per server, by whoever administers it: include/sql/ops/bootstrap.

create schema {{ bronze }};
create schema {{ silver }};
create schema {{ gold }};

comment on schema {{ bronze }} is 'Observations as they came, and their cleaned form: the truth.';
comment on schema {{ silver }} is 'The star schema with history; a function of bronze.';
comment on schema {{ gold }} is 'Seven views over rollups kept exact by the silver load.';
comment on schema {{ ops }} is 'What the pipeline remembers about itself.';

grant usage on schema {{ bronze }}, {{ silver }}, {{ gold }}, {{ ops }} to chorus_loader;
grant usage on schema {{ silver }}, {{ gold }} to chorus_reader;
grant usage on schema {{ bronze }}, {{ ops }} to chorus_monitor;

alter default privileges in schema {{ bronze }}, {{ silver }}, {{ gold }}, {{ ops }}
grant select, insert, update, delete on tables to chorus_loader;
alter default privileges in schema {{ bronze }}, {{ silver }}, {{ gold }}, {{ ops }}
grant usage, select on sequences to chorus_loader;
alter default privileges in schema {{ silver }}, {{ gold }} grant select on tables to chorus_reader;
alter default privileges in schema {{ ops }} grant select on tables to chorus_monitor;

-- Describes a table and every column of it, one `column: text` a line; a column left out is an error.
create procedure {{ ops }}.describe(relation regclass, what text, lines text)
language plpgsql
set search_path = pg_catalog
as $$
declare
    kind text;
    line text;
    undescribed text;
begin
    select case relkind when 'm' then 'materialized view' when 'v' then 'view' else 'table' end
    into kind from pg_class where oid = relation;
    execute format('comment on %s %s is %L', kind, relation, what);
    foreach line in array regexp_split_to_array(btrim(lines, E' \n'), E'\n') loop
        execute format(
            'comment on column %s.%I is %L',
            relation, btrim(split_part(line, ':', 1)), btrim(substr(line, strpos(line, ':') + 1))
        );
    end loop;
    select string_agg(attname, ', ') into undescribed
    from pg_attribute
    where attrelid = relation and attnum > 0 and not attisdropped
    and col_description(relation, attnum) is null;
    if undescribed is not null then
        raise exception '% has columns that nobody described: %', relation, undescribed;
    end if;
end
$$;
revoke execute on procedure {{ ops }}.describe(regclass, text, text) from public;

-- down

alter default privileges in schema {{ bronze }}, {{ silver }}, {{ gold }}, {{ ops }}
revoke all on tables from chorus_loader;
alter default privileges in schema {{ bronze }}, {{ silver }}, {{ gold }}, {{ ops }}
revoke all on sequences from chorus_loader;
alter default privileges in schema {{ silver }}, {{ gold }} revoke all on tables from chorus_reader;
alter default privileges in schema {{ ops }} revoke all on tables from chorus_monitor;
drop procedure {{ ops }}.describe(regclass, text, text);
revoke usage on schema {{ ops }} from chorus_loader, chorus_monitor;
comment on schema {{ ops }} is null;
drop schema {{ gold }};
drop schema {{ silver }};
drop schema {{ bronze }};
