-- From here on whatever is marked pending for silver is marked for the new one, too. Making a trigger waits for every
-- transaction that has already marked something, so nothing falls between this and the first reading of everything.
-- A script, run as one transaction. Rows in and out: none.

create function {{ bronze }}_rebuild.copy_posts() returns trigger
language plpgsql security definer
set search_path = pg_catalog
as $$
begin
    insert into {{ bronze }}_rebuild.posts_to_load (uri) select arrived.uri from arrived;
    return null;
end
$$;

create function {{ bronze }}_rebuild.copy_accounts() returns trigger
language plpgsql security definer
set search_path = pg_catalog
as $$
begin
    insert into {{ bronze }}_rebuild.accounts_to_load (account_uri) select arrived.account_uri from arrived;
    return null;
end
$$;

create trigger rebuild_listens after insert on {{ bronze }}.posts_to_load
referencing new table as arrived
for each statement execute function {{ bronze }}_rebuild.copy_posts();

create trigger rebuild_listens after insert on {{ bronze }}.accounts_to_load
referencing new table as arrived
for each statement execute function {{ bronze }}_rebuild.copy_accounts();
