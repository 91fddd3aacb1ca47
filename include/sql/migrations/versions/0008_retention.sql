-- Retention: what lets the loader cool, check and release a week of raw events, and the list of what was archived.

create table {{ ops }}.archived_weeks (
    week date not null,
    generation integer not null,
    file text not null,
    rows bigint not null,
    checksum numeric not null,
    digest bytea not null,
    bytes bigint not null,
    archived_at timestamptz not null default now(),
    restored_at timestamptz,
    constraint pk_archived_weeks primary key (week)
);
call {{ ops }}.describe(
    '{{ ops }}.archived_weeks',
    'A week of raw events in the archive; where it is a partition, too, it was restored or a late row reopened it.',
    $$
week: its Monday
generation: how often it was archived: late rows are merged into a new file
file: name of the Parquet file under ARCHIVE_DIR
rows: raw events in it
checksum: sum of PostgreSQL's 64-bit hashes of its rows, in any order
digest: SHA-256 of the rows in the order of the file
bytes: size of the file
archived_at: when it was last archived
restored_at: when somebody brought it back; retention leaves it alone for a week then
$$
);

create function {{ bronze }}.raw_events_week(week date) returns text
language sql stable
return 'raw_events_' || to_char(week, 'IYYY"w"IW');
comment on function {{ bronze }}.raw_events_week(date) is 'The name of a week''s partition.';

-- The same for the same rows wherever they lie: columns by name, text as one session writes it.
create function {{ bronze }}.raw_events_checksum(relation regclass, out rows bigint, out checksum numeric)
language plpgsql stable
set search_path = pg_catalog
set timezone = 'UTC'
set datestyle = 'ISO'
set bytea_output = 'hex'
as $$
begin
    execute format(
        'select count(*), coalesce(sum(hashtextextended(row('
        || 'id, occurred_at, source, source_id, event_type, payload, ingested_at, processed, processed_at, instance,'
        || 'post_id, payload_hash, observed_at, last_seen_at, pipeline_run_id)::text, 0)), 0) from %s',
        relation
    ) into rows, checksum;
end
$$;
comment on function {{ bronze }}.raw_events_checksum(regclass)
is 'How many raw events a relation holds, and a checksum of them that no order changes.';

-- Leaves a week its key and the index of what is not processed, which holds nothing then; false where it had no more.
create function {{ bronze }}.cool_raw_events_week(week date) returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '10s'
as $$
declare
    index_name text := {{ bronze }}.raw_events_week(week) || '_thing';
begin
    perform pg_advisory_xact_lock(hashtextextended('{{ bronze }}.' || {{ bronze }}.raw_events_week(week), 0));
    if not exists (
        select 1 from pg_catalog.pg_class
        where relname = index_name and relnamespace = '{{ bronze }}'::regnamespace
    ) then
        return false;
    end if;
    execute format('drop index %I.%I', '{{ bronze }}', index_name);
    execute format('drop index %I.%I', '{{ bronze }}', {{ bronze }}.raw_events_week(week) || '_boosted');
    perform {{ bronze }}.close_raw_events_partition({{ bronze }}.raw_events_week(week));
    return true;
end
$$;
revoke execute on function {{ bronze }}.cool_raw_events_week(date) from public;
grant execute on function {{ bronze }}.cool_raw_events_week(date) to chorus_loader;

-- Drops a week, and only one that holds what the archive holds, all of it processed; false otherwise.
create function {{ bronze }}.release_raw_events_week(week date, archived_rows bigint, archived_checksum numeric)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '10s'
as $$
declare
    partition text := format('%I.%I', '{{ bronze }}', {{ bronze }}.raw_events_week(week));
    held record;
    pending boolean;
begin
    perform pg_advisory_xact_lock(hashtextextended('{{ bronze }}.' || {{ bronze }}.raw_events_week(week), 0));
    execute 'lock table ' || partition || ' in share mode';
    select * into held from {{ bronze }}.raw_events_checksum(partition::regclass);
    execute format('select exists (select from %s where not processed)', partition) into pending;
    if pending or held.rows <> archived_rows or held.checksum <> archived_checksum then
        return false;
    end if;
    perform {{ bronze }}.drop_raw_events_partition(week, {{ bronze }}.raw_events_week(week));
    return true;
end
$$;
revoke execute on function {{ bronze }}.release_raw_events_week(date, bigint, numeric) from public;
grant execute on function {{ bronze }}.release_raw_events_week(date, bigint, numeric) to chorus_loader;

create view {{ bronze }}.account_names as
select
    source,
    instance,
    account_id,
    account_uri,
    acct,
    url
from {{ bronze }}.account_observations
union
select
    source,
    instance,
    account_id,
    account_uri,
    account_acct as acct,
    null as url
from {{ bronze }}.post_observations
where account_uri is not null and account_id is not null and account_acct is not null
union
select
    observed.source,
    observed.instance,
    '@' || mention.acct as account_id,
    coalesce(mention.uri, observed.source || '://' || observed.instance || '/@' || mention.acct) as account_uri,
    mention.acct,
    null as url
from {{ bronze }}.post_observations as observed
cross join lateral jsonb_to_recordset(observed.mentions) as mention (acct text, uri text)
where mention.acct is not null;
call {{ ops }}.describe(
    '{{ bronze }}.account_names',
    'A name that an account was seen under on one instance: as author, by itself, or as somebody mentioned.',
    $$
source: the platform
instance: the host it was read from
account_id: the account's id there; @ and the handle where only a mention names it
account_uri: its canonical address, or source://instance/@handle
acct: its handle, as it was written
url: where a person can see it, where an account said so itself
$$
);

-- down

drop view {{ bronze }}.account_names;
drop function {{ bronze }}.release_raw_events_week(date, bigint, numeric);
drop function {{ bronze }}.cool_raw_events_week(date);
drop function {{ bronze }}.raw_events_checksum(regclass);
drop function {{ bronze }}.raw_events_week(date);
drop table {{ ops }}.archived_weeks;
