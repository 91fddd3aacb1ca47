-- Bronze: raw events, their cleaned form, what could not be taken in, the queues of pending work, and the runs.

create table {{ bronze }}.raw_events (
    id uuid not null,
    occurred_at timestamptz not null,
    source text not null,
    source_id text not null,
    event_type text not null,
    payload jsonb not null,
    ingested_at timestamptz not null default now(),
    processed boolean not null default false,
    processed_at timestamptz,
    instance text not null,
    post_id text not null,
    payload_hash bytea not null,
    observed_at timestamptz not null,
    last_seen_at timestamptz not null,
    pipeline_run_id text not null,
    constraint pk_raw_events primary key (id, occurred_at)
) partition by range (occurred_at);

create index ix_raw_events_processed_occurred_at
on {{ bronze }}.raw_events (occurred_at) where not processed;
comment on index {{ bronze }}.ix_raw_events_processed_occurred_at
is 'Serves bronze/raw_events/claim.sql: transform finds what is not processed.';

call {{ ops }}.describe(
    '{{ bronze }}.raw_events', 'One observation of one thing, as it came. Partitioned by week of occurred_at.', $$
id: derived from source, instance, event_type, post_id and payload_hash: it identifies content, not chance
occurred_at: when the post was created, pinned at first sight; for an account the Monday of the week it was seen in
source: the platform: mastodon, reddit, ...
source_id: the part of it that was read: the instance, the subreddit
event_type: status, reblog, account, deletion, submission, comment
payload: what the server sent, untouched
ingested_at: when the row was first written
processed: whether transform has taken this observation in
processed_at: when it did
instance: the host it was read from
post_id: the thing's id there, opaque text
payload_hash: SHA-256 of the canonical payload without the fields that change at every look
observed_at: when the server first gave this payload
last_seen_at: when the server last gave this payload
pipeline_run_id: the run that wrote or last revived the row
$$
);

-- Partitions belong to the owner; the loader asks for the weeks it is about to write. What is written to is hot: beside
-- the key it has indexes of its own that find a thing, `..._thing`, and what boosts it, `..._boosted`, which retention
-- drops once the week has cooled.
create function {{ bronze }}.ensure_raw_events_weeks(weeks date[]) returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    week date;
    partition text;
    made integer := 0;
begin
    for week in select distinct date_trunc('week', day)::date from unnest(weeks) as day order by 1 loop
        partition := 'raw_events_' || to_char(week, 'IYYY"w"IW');
        -- Until the transaction ends, retention neither cools nor drops the week.
        perform pg_advisory_xact_lock_shared(hashtextextended('{{ bronze }}.' || partition, 0));
        -- Asked of the table itself: to_regclass may answer from a cache older than the lock.
        continue when exists (
            select 1 from pg_catalog.pg_class
            where relname = partition || '_thing' and relnamespace = '{{ bronze }}'::regnamespace
        );
        perform pg_advisory_xact_lock(hashtextextended('{{ bronze }}.raw_events weeks', 0));
        if not exists (
            select 1 from pg_catalog.pg_class
            where relname = partition and relnamespace = '{{ bronze }}'::regnamespace
        ) then
            perform {{ bronze }}.make_raw_events_partition(week, partition);
            made := made + 1;
        end if;
        continue when exists (
            select 1 from pg_catalog.pg_class
            where relname = partition || '_thing' and relnamespace = '{{ bronze }}'::regnamespace
        );
        perform {{ bronze }}.open_raw_events_partition(partition);
        execute format(
            'create index %I on %I.%I (source, instance, post_id, event_type, last_seen_at)',
            partition || '_thing', '{{ bronze }}', partition
        );
        execute format(
            'comment on index %I.%I is %L', '{{ bronze }}', partition || '_thing',
            'Serves bronze/raw_events/claim.sql and revive.sql: the other payloads of the same thing.'
        );
        execute format(
            'create index %I on %I.%I (source, instance, (payload #>> %L)) where event_type = %L',
            partition || '_boosted', '{{ bronze }}', partition, '{reblog,id}', 'reblog'
        );
        execute format(
            'comment on index %I.%I is %L', '{{ bronze }}', partition || '_boosted',
            'Serves bronze/raw_events/redact_boosts.sql: the boosts that carry a post which is gone.'
        );
    end loop;
    return made;
end
$$;
revoke execute on function {{ bronze }}.ensure_raw_events_weeks(date[]) from public;
grant execute on function {{ bronze }}.ensure_raw_events_weeks(date[]) to chorus_loader;

create table {{ bronze }}.post_observations (
    observation_id bigint generated always as identity,
    raw_event_id uuid not null,
    observed_at timestamptz not null,
    source text not null,
    source_id text not null,
    instance text not null,
    post_id text not null,
    uri text not null,
    url text,
    event_type text not null,
    created_at timestamptz not null,
    edited_at timestamptz,
    account_uri text,
    account_id text,
    account_acct text,
    content_html text,
    content_text text,
    content_hash bytea,
    input_hash bytea,
    language text,
    detected_language text,
    language_confidence double precision,
    visibility text,
    is_sensitive boolean,
    spoiler_text text,
    in_reply_to_id text,
    in_reply_to_account_id text,
    is_reply boolean not null default false,
    reblog_of_uri text,
    replies_count bigint,
    reblogs_count bigint,
    favourites_count bigint,
    engagement_score bigint,
    media_count integer,
    media_types text[],
    content_length integer,
    word_count integer,
    tags jsonb not null default '[]',
    mentions jsonb not null default '[]',
    media jsonb not null default '[]',
    is_deleted boolean not null default false,
    pipeline_run_id text not null,
    written_at timestamptz not null default now(),
    constraint pk_post_observations primary key (observation_id),
    constraint uq_post_observations_event unique (raw_event_id, observed_at)
);
comment on index {{ bronze }}.uq_post_observations_event
is 'Serves bronze/post_observations/insert.sql: the same look at the same payload is one observation.';

create index ix_post_observations_uri on {{ bronze }}.post_observations (uri, observed_at);
comment on index {{ bronze }}.ix_post_observations_uri
is 'Serves the silver load: every observation of the posts that were touched.';
create index ix_post_observations_post on {{ bronze }}.post_observations (source, instance, post_id);
comment on index {{ bronze }}.ix_post_observations_post
is 'Serves thread building and re-measuring: a post by the id it has on its instance.';
create index ix_post_observations_content_hash on {{ bronze }}.post_observations (content_hash);
comment on index {{ bronze }}.ix_post_observations_content_hash
is 'Serves the quality step: the same text elsewhere.';
create index ix_post_observations_run on {{ bronze }}.post_observations (pipeline_run_id);
comment on index {{ bronze }}.ix_post_observations_run
is 'Serves the quality step: what one run wrote.';

call {{ ops }}.describe(
    '{{ bronze }}.post_observations',
    'One look at one post, cleaned and typed: with post_sentiments all that silver reads. Outlives raw events.',
    $$
observation_id: surrogate key
raw_event_id: the raw event it was made from
observed_at: when the server gave this answer
source: the platform
source_id: the part of it that was read
instance: the host it was read from
post_id: the post's id there
uri: the post's canonical address; source://instance/post_id where it has none
url: where a person can read it
event_type: status, deletion, submission, comment
created_at: when the post was created
edited_at: when it was last edited
account_uri: the author's canonical address
account_id: the author's id on the instance
account_acct: the author's handle
content_html: the content as sent, HTML for Mastodon
content_text: the content as plain text
content_hash: SHA-256 of the plain text
input_hash: SHA-256 of the text as the model is given it; null where nothing is to be scored
language: the language the post claims
detected_language: the language found, where the post claims none
language_confidence: how sure that was, 0 to 1
visibility: public, unlisted, private, direct
is_sensitive: marked as sensitive by its author or its server
spoiler_text: the warning above the content
in_reply_to_id: id of the post it answers, on the same instance
in_reply_to_account_id: id of that post's author
is_reply: whether it answers a post
reblog_of_uri: address of the post it boosts, for event_type reblog
replies_count: answers, as the instance counts them
reblogs_count: boosts or crossposts
favourites_count: favourites, or a score that may be negative
engagement_score: weighted sum of the three
media_count: attachments
media_types: their types, in order
content_length: characters of the plain text
word_count: words of the plain text
tags: hashtags as [{"name": folded, "shown": as written}]
mentions: as [{"acct", "uri"}]
media: attachments as [{"type", "url", "preview_url", "description", "meta"}]
is_deleted: whether this look found the post gone
pipeline_run_id: the run that made the observation
written_at: when the row was written
$$
);

create table {{ bronze }}.account_observations (
    observation_id bigint generated always as identity,
    raw_event_id uuid not null,
    observed_at timestamptz not null,
    source text not null,
    instance text not null,
    account_id text not null,
    account_uri text not null,
    acct text not null,
    display_name text,
    url text,
    is_bot boolean not null default false,
    account_created_at timestamptz,
    followers_count bigint,
    following_count bigint,
    statuses_count bigint,
    pipeline_run_id text not null,
    written_at timestamptz not null default now(),
    constraint pk_account_observations primary key (observation_id),
    constraint uq_account_observations_event unique (raw_event_id, observed_at)
);
comment on index {{ bronze }}.uq_account_observations_event
is 'Serves bronze/account_observations/insert.sql: the same look at the same payload is one observation.';
create index ix_account_observations_uri on {{ bronze }}.account_observations (account_uri, observed_at);
comment on index {{ bronze }}.ix_account_observations_uri
is 'Serves the silver load: the whole history of the accounts that were touched.';

call {{ ops }}.describe(
    '{{ bronze }}.account_observations',
    'One look at one account, cleaned and typed: what dim_account is rebuilt from. Outlives raw events.',
    $$
observation_id: surrogate key
raw_event_id: the raw event it was made from
observed_at: when the server gave this answer
source: the platform
instance: the host it was read from
account_id: the account's id there
account_uri: its canonical address: uri, else url, else source://instance/@account_id
acct: handle, with the domain where the account is remote
display_name: the name it shows
url: where a person can see it
is_bot: whether it says it is automated
account_created_at: when the account was created
followers_count: followers then
following_count: accounts it followed then
statuses_count: posts it had then
pipeline_run_id: the run that made the observation
written_at: when the row was written
$$
);

create table {{ toots }} (
    id text not null,
    created_at timestamptz not null,
    in_reply_to_id text,
    in_reply_to_account_id text,
    sensitive boolean,
    spoiler_text text,
    visibility text,
    language text,
    uri text not null,
    url text,
    replies_count bigint,
    reblogs_count bigint,
    favourites_count bigint,
    edited_at timestamptz,
    content text,
    reblog jsonb,
    application jsonb,
    account jsonb,
    media_attachments jsonb,
    mentions jsonb,
    tags jsonb,
    emojis jsonb,
    card jsonb,
    poll jsonb,
    quote jsonb,
    source text not null,
    instance text not null,
    content_text text not null,
    content_hash bytea not null,
    content_length integer not null,
    word_count integer not null,
    detected_language text,
    account_id text,
    account_acct text,
    account_display_name text,
    account_followers_count bigint,
    account_following_count bigint,
    account_statuses_count bigint,
    account_created_at timestamptz,
    account_bot boolean,
    tag_names text[] not null,
    mention_accts text[] not null,
    media_types text[] not null,
    media_count integer not null,
    engagement_score bigint not null,
    is_reply boolean not null,
    sentiment_label text,
    sentiment_confidence double precision,
    sentiment_scores jsonb,
    ingestion_timestamp timestamptz not null,
    pipeline_run_id text not null,
    data_version integer not null,
    constraint pk_toots primary key (source, instance, id)
);
create index ix_toots_created_at on {{ toots }} (created_at);
comment on index {{ bronze }}.ix_toots_created_at
is 'Serves re-measuring and people: posts of a span of time.';
create index ix_toots_uri on {{ toots }} (uri);
comment on index {{ bronze }}.ix_toots_uri is 'Serves people: a post by its address.';

call {{ ops }}.describe(
    '{{ toots }}',
    'The latest observation of each post of any platform, with its mood: 25 columns as sent, 24 made, 3 about the row.',
    $$
id: the post's id on its instance
created_at: when it was created
in_reply_to_id: id of the post it answers
in_reply_to_account_id: id of that post's author
sensitive: marked as sensitive
spoiler_text: the warning above the content
visibility: public, unlisted, private, direct
language: the language the post claims
uri: its canonical address
url: where a person can read it
replies_count: answers
reblogs_count: boosts or crossposts
favourites_count: favourites or score
edited_at: when it was last edited
content: the content as sent
reblog: the post it boosts, as sent
application: the program it was written with, as sent
account: its author, as sent
media_attachments: attachments, as sent; of Reddit, as we list them
mentions: mentions, as sent
tags: hashtags, as sent
emojis: custom emoji, as sent
card: link preview, as sent
poll: poll, as sent
quote: the post it quotes, as sent
source: the platform
instance: the host it was read from
content_text: the content as plain text
content_hash: SHA-256 of the plain text
content_length: its characters
word_count: its words
detected_language: the post's own language, else the one found
account_id: the author's id on the instance
account_acct: the author's handle
account_display_name: the name the author shows
account_followers_count: the author's followers then
account_following_count: accounts the author followed then
account_statuses_count: posts the author had then
account_created_at: when the author's account was created
account_bot: whether the author says it is automated
tag_names: folded hashtags
mention_accts: handles of those mentioned
media_types: types of the attachments, in order
media_count: how many there are
engagement_score: weighted sum of replies, favourites and reblogs
is_reply: whether it answers a post
sentiment_label: negative, neutral or positive; null until scored
sentiment_confidence: probability of the likeliest label
sentiment_scores: probability of each label
ingestion_timestamp: when the observation shown here was made
pipeline_run_id: the run that made it
data_version: version of the transformation that wrote the row
$$
);

create table {{ bronze }}.dead_letters (
    id bigint generated always as identity,
    stage text not null,
    source text,
    source_id text,
    instance text,
    event_type text,
    post_id text,
    occurred_at timestamptz,
    raw_event_id uuid,
    observed_at timestamptz,
    last_seen_at timestamptz,
    payload jsonb,
    payload_raw bytea,
    error_class text not null,
    error text not null,
    pipeline_run_id text,
    created_at timestamptz not null default now(),
    tries integer not null default 1,
    last_tried_at timestamptz not null default now(),
    replayed_at timestamptz,
    discarded_at timestamptz,
    constraint pk_dead_letters primary key (id)
);
create unique index uq_dead_letters_kept on {{ bronze }}.dead_letters (
    stage, source, instance, event_type, post_id, md5(coalesce(encode(payload_raw, 'hex'), payload::text))
) nulls not distinct where discarded_at is null;
comment on index {{ bronze }}.uq_dead_letters_kept
is 'Serves bronze/dead_letters/insert.sql: the same letter again, replayed or not, is one more try.';
create index ix_dead_letters_open on {{ bronze }}.dead_letters (id) where replayed_at is null and discarded_at is null;
comment on index {{ bronze }}.ix_dead_letters_open
is 'Serves bronze/dead_letters/choose.sql: what waits to be replayed or discarded, oldest first.';
create index ix_dead_letters_run on {{ bronze }}.dead_letters (pipeline_run_id);
comment on index {{ bronze }}.ix_dead_letters_run is 'Serves the quality of a run: what it could not take in.';

call {{ ops }}.describe(
    '{{ bronze }}.dead_letters', 'What could not be taken in, whole, with the reason; it can be replayed.', $$
id: surrogate key
stage: extract, transform or score: where it failed
source: the platform
source_id: the part of it that was read
instance: the host it was read from
event_type: as in raw_events
post_id: the thing's id there, where it has one
occurred_at: its own time, where it has one
raw_event_id: the raw event, where it got that far
observed_at: when the server first gave this payload, where it was one that gave it
last_seen_at: when it last gave it
payload: the payload, where it is JSON that PostgreSQL can hold
payload_raw: its bytes otherwise
error_class: class of the error
error: what is wrong with it, in a sentence
pipeline_run_id: the run that met it
created_at: when it was first met
tries: how often taking it in was tried
last_tried_at: when last
replayed_at: when it was taken in again; null once more where that failed, too
discarded_at: when a person gave it up
$$
);

create table {{ bronze }}.stream_events (
    id bigint generated always as identity,
    instance text not null,
    received_at timestamptz not null default now(),
    event_type text not null,
    payload jsonb,
    payload_status_id text,
    processed_at timestamptz,
    process_error text,
    constraint pk_stream_events primary key (id)
);

call {{ ops }}.describe('{{ bronze }}.stream_events', 'One event of a streaming connection.', $$
id: surrogate key
instance: the server that sent it
received_at: when
event_type: update, status.update, delete
payload: what it carried
payload_status_id: the post it is about
processed_at: when it was taken in
process_error: why it was not
$$);

create table {{ bronze }}.posts_to_score (
    id bigint generated always as identity,
    source text not null,
    instance text not null,
    post_id text not null,
    model_key text not null,
    tries integer not null default 0,
    queued_at timestamptz not null default now(),
    constraint pk_posts_to_score primary key (id)
);
create index ix_posts_to_score_model on {{ bronze }}.posts_to_score (model_key, id);
comment on index {{ bronze }}.ix_posts_to_score_model
is 'Serves bronze/posts_to_score/claim.sql: the next posts of one model.';

call {{ ops }}.describe(
    '{{ bronze }}.posts_to_score',
    'A post that a model has not read yet; gone once it has. Append-only, so nobody waits for anybody.',
    $$
id: order of arrival
source: the platform
instance: the host it was read from
post_id: its id there
model_key: the model that is to read it
tries: how often that failed
queued_at: since when it waits
$$
);

create table {{ bronze }}.posts_to_load (
    id bigint generated always as identity,
    uri text not null,
    queued_at timestamptz not null default now(),
    constraint pk_posts_to_load primary key (id)
);
call {{ ops }}.describe(
    '{{ bronze }}.posts_to_load',
    'A post with observations or predictions that silver has not loaded yet; gone once it has.',
    $$
id: order of arrival
uri: the post
queued_at: since when it waits
$$
);

create table {{ bronze }}.accounts_to_load (
    id bigint generated always as identity,
    account_uri text not null,
    queued_at timestamptz not null default now(),
    constraint pk_accounts_to_load primary key (id)
);
call {{ ops }}.describe(
    '{{ bronze }}.accounts_to_load',
    'An account with observations that silver has not loaded yet; gone once it has.',
    $$
id: order of arrival
account_uri: the account
queued_at: since when it waits
$$
);

create table {{ bronze }}.pipeline_runs (
    pipeline_run_id text not null,
    dag_id text not null,
    run_id text not null,
    source text,
    window_since timestamptz,
    window_until timestamptz,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    state text not null default 'running',
    events_extracted bigint not null default 0,
    events_new bigint not null default 0,
    events_seen_again bigint not null default 0,
    transformed bigint not null default 0,
    rejected bigint not null default 0,
    duplicates bigint not null default 0,
    scored bigint not null default 0,
    cache_hits bigint not null default 0,
    loaded bigint not null default 0,
    quality_score double precision,
    durations jsonb not null default '{}',
    details jsonb not null default '{}',
    code_version text not null,
    constraint pk_pipeline_runs primary key (pipeline_run_id)
);
create index ix_pipeline_runs_started_at on {{ bronze }}.pipeline_runs (dag_id, started_at);
comment on index {{ bronze }}.ix_pipeline_runs_started_at
is 'Serves the usual duration of a DAG: its last runs.';
grant select on {{ bronze }}.pipeline_runs to chorus_monitor;

call {{ ops }}.describe('{{ bronze }}.pipeline_runs', 'One run of one pipeline, for ever: every row leads here.', $$
pipeline_run_id: dag_id/run_id, or cli/ and a random name
dag_id: the DAG, or cli
run_id: Airflow's name of the run
source: the platform it read
window_since: start of the window it read
window_until: end of it, exclusive
started_at: when it began
finished_at: when it was closed
state: running, success, partial (some targets failed) or failed
events_extracted: events the API gave
events_new: observations that were new
events_seen_again: observations that were known
transformed: observations cleaned
rejected: sent to dead_letters
duplicates: the same text seen elsewhere before
scored: posts a model read
cache_hits: of these, texts it had read before
loaded: rows loaded into silver
quality_score: 0 to 100
durations: seconds a step
details: whatever else the run said of itself
code_version: version of Chorus
$$);

create table {{ bronze }}.pipeline_steps (
    pipeline_run_id text not null,
    step text not null,
    target text not null,
    state text not null,
    counts jsonb not null default '{}',
    started_at timestamptz not null,
    finished_at timestamptz,
    failures integer not null default 0,
    error_class text,
    error text,
    constraint pk_pipeline_steps primary key (pipeline_run_id, step, target)
);
create index ix_pipeline_steps_finished_at on {{ bronze }}.pipeline_steps (finished_at);
comment on index {{ bronze }}.ix_pipeline_steps_finished_at
is 'Serves ops/watch/errors.sql: what ended since the last look.';
grant select on {{ bronze }}.pipeline_steps to chorus_monitor;

call {{ ops }}.describe(
    '{{ bronze }}.pipeline_steps', 'One step of a run, per target where it is mapped; a retry overwrites it.', $$
pipeline_run_id: the run
step: extract, transform, score, load, ...
target: what of it, where the step is mapped; empty otherwise
state: running, success or failed
counts: rows in and out
started_at: when it began
finished_at: when it ended
failures: how often it failed, over all its tries; only grows
error_class: class of the error it ended with
error: its sentence
$$
);

-- down

drop table {{ bronze }}.pipeline_steps;
drop table {{ bronze }}.pipeline_runs;
drop table {{ bronze }}.accounts_to_load;
drop table {{ bronze }}.posts_to_load;
drop table {{ bronze }}.posts_to_score;
drop table {{ bronze }}.stream_events;
drop table {{ bronze }}.dead_letters;
drop table {{ toots }};
drop table {{ bronze }}.account_observations;
drop table {{ bronze }}.post_observations;
drop function {{ bronze }}.ensure_raw_events_weeks(date[]);
drop table {{ bronze }}.raw_events;
