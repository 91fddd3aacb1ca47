-- TimescaleDB, where TIMESCALEDB asks for it when the warehouse is made: a week of raw events is a chunk then, under
-- the name that its partition has elsewhere, so that everything else reads and writes it as ever; one that has cooled
-- is compressed. All that differs stands here, in functions that ask which of the two this is.

create function {{ bronze }}.has_hypertables() returns boolean
language sql stable
set search_path = pg_catalog
as $$ select relkind = 'r' from pg_catalog.pg_class where oid = '{{ bronze }}.raw_events'::regclass $$;
comment on function {{ bronze }}.has_hypertables() is 'Whether TimescaleDB keeps the raw events.';

create function {{ bronze }}.make_raw_events_partition(week date, partition text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    since timestamptz := week::timestamp at time zone 'UTC';
    until timestamptz := (week + 7)::timestamp at time zone 'UTC';
begin
    if {{ bronze }}.has_hypertables() then
        -- By itself it would begin its weeks on Thursdays and name them by number.
        execute format(
            'select _timescaledb_functions.create_chunk(%L::regclass, jsonb_build_object(%L, jsonb_build_array('
            || '_timescaledb_functions.to_unix_microseconds(%L), _timescaledb_functions.to_unix_microseconds(%L))), %L, %L)',
            '{{ bronze }}.raw_events', 'occurred_at', since, until, '{{ bronze }}', partition
        );
        return;
    end if;
    execute format(
        'create table %I.%I (like {{ bronze }}.raw_events including defaults including constraints)',
        '{{ bronze }}', partition
    );
    execute format(
        'alter table {{ bronze }}.raw_events attach partition %I.%I for values from (%L) to (%L)',
        '{{ bronze }}', partition, since, until
    );
end
$$;
comment on function {{ bronze }}.make_raw_events_partition(date, text) is 'Makes room for a week.';

create function {{ bronze }}.open_raw_events_partition(partition text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if {{ bronze }}.has_hypertables() then
        execute format('select public.decompress_chunk(%L, true)', format('%I.%I', '{{ bronze }}', partition));
    end if;
end
$$;
comment on function {{ bronze }}.open_raw_events_partition(text) is 'Makes ready to be written to what had cooled.';

create function {{ bronze }}.close_raw_events_partition(partition text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if {{ bronze }}.has_hypertables() then
        execute format('select public.compress_chunk(%L, true)', format('%I.%I', '{{ bronze }}', partition));
    end if;
end
$$;
comment on function {{ bronze }}.close_raw_events_partition(text) is 'Compresses what has cooled, where that can be.';

create function {{ bronze }}.drop_raw_events_partition(week date, partition text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if {{ bronze }}.has_hypertables() then
        execute format(
            'select public.drop_chunks(%L::regclass, older_than => %L::timestamptz, newer_than => %L::timestamptz)',
            '{{ bronze }}.raw_events',
            (week + 7)::timestamp at time zone 'UTC',
            week::timestamp at time zone 'UTC'
        );
        return;
    end if;
    execute format('alter table {{ bronze }}.raw_events detach partition %I.%I', '{{ bronze }}', partition);
    execute format('drop table %I.%I', '{{ bronze }}', partition);
end
$$;
comment on function {{ bronze }}.drop_raw_events_partition(date, text) is 'Lets go of a week.';

do $migration$
declare
    says text := obj_description('{{ bronze }}.raw_events'::regclass);
    right_to record;
begin
    if coalesce(current_setting('chorus.timescaledb', true), '') <> 'on' then
        return;
    end if;
    if not exists (select from pg_catalog.pg_extension where extname = 'timescaledb') then
        raise exception 'TIMESCALEDB is set and this database has no extension timescaledb'
            using hint = 'unset it, or take a server that loads it and bring the warehouse up again';
    end if;
    if exists (select from {{ bronze }}.raw_events) then
        raise notice 'bronze.raw_events stays partitioned: it held rows before TimescaleDB was there';
        return;
    end if;
    create table {{ bronze }}.raw_events_as_chunks (like {{ bronze }}.raw_events including defaults including comments);
    for right_to in
        select
            acl.privilege_type as what,
            acl.grantee::regrole::text as who
        from pg_catalog.pg_class
        cross join lateral aclexplode(pg_class.relacl) as acl
        where pg_class.oid = '{{ bronze }}.raw_events'::regclass and acl.grantee <> pg_class.relowner
    loop
        execute format('grant %s on {{ bronze }}.raw_events_as_chunks to %s', right_to.what, right_to.who);
    end loop;
    drop table {{ bronze }}.raw_events;
    alter table {{ bronze }}.raw_events_as_chunks rename to raw_events;
    alter table {{ bronze }}.raw_events add constraint pk_raw_events primary key (id, occurred_at);
    create index ix_raw_events_processed_occurred_at
    on {{ bronze }}.raw_events (occurred_at) where not processed;
    comment on index {{ bronze }}.ix_raw_events_processed_occurred_at
    is 'Serves bronze/raw_events/claim.sql: transform finds what is not processed.';
    execute format('comment on table {{ bronze }}.raw_events is %L', says);
    execute $hypertables$
        select public.create_hypertable(
            '{{ bronze }}.raw_events', public.by_range('occurred_at', interval '7 days'), create_default_indexes => false
        );
        alter table {{ bronze }}.raw_events set (
            timescaledb.compress,
            timescaledb.compress_segmentby = 'source, instance, event_type',
            timescaledb.compress_orderby = 'occurred_at, id'
        );
        select public.create_hypertable(
            '{{ silver }}.post_metric_snapshots', public.by_range('captured_at', interval '7 days'),
            create_default_indexes => false, migrate_data => true
        );
        alter table {{ silver }}.post_metric_snapshots set (
            timescaledb.compress,
            timescaledb.compress_orderby = 'content_key, captured_at'
        );
        select public.add_compression_policy('{{ silver }}.post_metric_snapshots', interval '90 days');
    $hypertables$;
end
$migration$;

-- down

do $migration$
begin
    if {{ bronze }}.has_hypertables() and exists (select from {{ bronze }}.raw_events) then
        raise exception 'bronze.raw_events is kept by TimescaleDB: back it up, and restore it into a server without';
    end if;
end
$migration$;
drop function {{ bronze }}.drop_raw_events_partition(date, text);
drop function {{ bronze }}.close_raw_events_partition(text);
drop function {{ bronze }}.open_raw_events_partition(text);
drop function {{ bronze }}.make_raw_events_partition(date, text);
drop function {{ bronze }}.has_hypertables();
