-- Silver: the star with its history, and the normalised tables around it. All of it is a function of bronze,
-- except post_sentiments, which is written by the score step and which a rebuild keeps.

create table {{ silver }}.dim_date (
    date_key integer not null,
    date date not null,
    year smallint not null,
    quarter smallint not null,
    month smallint not null,
    month_name text not null,
    week smallint not null,
    day smallint not null,
    day_name text not null,
    day_of_week smallint not null,
    day_of_year smallint not null,
    is_weekend boolean not null,
    constraint pk_dim_date primary key (date_key)
);
call {{ ops }}.describe('{{ silver }}.dim_date', 'One day of the calendar, UTC.', $$
date_key: the day as yyyymmdd
date: the day
year: its year
quarter: 1 to 4
month: 1 to 12
month_name: January to December
week: ISO week, 1 to 53
day: day of the month
day_name: Monday to Sunday
day_of_week: ISO, Monday is 1
day_of_year: 1 to 366
is_weekend: Saturday or Sunday
$$);

create function {{ silver }}.days(since date, until date) returns setof {{ silver }}.dim_date
language sql stable
as $$
    select
        to_char(day, 'YYYYMMDD')::integer,
        day::date,
        extract(year from day)::smallint,
        extract(quarter from day)::smallint,
        extract(month from day)::smallint,
        (array[
            'January', 'February', 'March', 'April', 'May', 'June', 'July',
            'August', 'September', 'October', 'November', 'December'
        ])[extract(month from day)::integer],
        extract(week from day)::smallint,
        extract(day from day)::smallint,
        (array['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])
        [extract(isodow from day)::integer],
        extract(isodow from day)::smallint,
        extract(doy from day)::smallint,
        extract(isodow from day) > 5
    from generate_series(since::timestamp, until::timestamp, interval '1 day') as day
$$;
comment on function {{ silver }}.days(date, date) is 'The rows of dim_date for a span, both ends included.';

insert into {{ silver }}.dim_date select * from {{ silver }}.days('2005-01-01', '2035-12-31');

create table {{ silver }}.account_identities (
    account_uri text not null,
    source text not null,
    instance text not null,
    account_id text not null,
    acct text not null,
    first_seen_at timestamptz not null,
    constraint pk_account_identities primary key (account_uri)
);
create index ix_account_identities_identity
on {{ silver }}.account_identities (source, instance, account_id, account_uri);
comment on index {{ silver }}.ix_account_identities_identity
is 'Serves silver/dim_account/versions.sql and counted_posts: the addresses behind one account.';
call {{ ops }}.describe(
    '{{ silver }}.account_identities',
    'Which account of dim_account an address means: where it was seen first, in authors and in account observations.',
    $$
account_uri: the account's canonical address
source: the platform it was first seen on
instance: the host it was first read from
account_id: its id there
acct: its handle then: what a version is made of while there is no observation of the account itself
first_seen_at: when that was
$$
);

create table {{ silver }}.dim_account (
    account_key bigint generated always as identity,
    source text not null,
    instance text not null,
    account_id text not null,
    acct text not null,
    display_name text,
    url text,
    is_bot boolean not null,
    account_created_at timestamptz,
    followers_count bigint,
    following_count bigint,
    influence_tier text not null,
    valid_from timestamptz not null,
    valid_to timestamptz not null,
    is_current boolean not null,
    constraint pk_dim_account primary key (account_key),
    constraint ck_dim_account_span check (valid_from < valid_to),
    constraint ck_dim_account_current check (is_current = (valid_to = 'infinity')),
    constraint ck_dim_account_tier check (influence_tier in ('Micro', 'Mid', 'Macro', 'Mega'))
);
-- An index and not a constraint, so that one statement may move the ends of several versions in any order it likes.
create unique index uq_dim_account_version
on {{ silver }}.dim_account (source, instance, account_id, valid_from);
comment on index {{ silver }}.uq_dim_account_version
is 'Serves silver/dim_account and silver/fact_toot_engagement/merge.sql: the version of an account at a moment.';
create unique index uq_dim_account_current
on {{ silver }}.dim_account (source, instance, account_id) where is_current;
comment on index {{ silver }}.uq_dim_account_current
is 'Serves gold''s influence view and people: an account as it is now; and there is only one.';
call {{ ops }}.describe(
    '{{ silver }}.dim_account', 'One version of one account: SCD Type 2, timed by observed_at, half-open.', $$
account_key: surrogate key of the version
source: the platform it was first seen on
instance: the host it was first read from
account_id: its id there
acct: its handle
display_name: the name it shows
url: where a person can see it
is_bot: whether it says it is automated
account_created_at: when it was created
followers_count: as last observed within the version
following_count: as last observed within the version
influence_tier: Micro < 10,000 <= Mid < 100,000 <= Macro < 1,000,000 <= Mega followers
valid_from: when the version was first observed; -infinity for the first one, so that every post has its version
valid_to: when the next one was; infinity for the current one
is_current: whether it is the last one
$$
);

create table {{ silver }}.dim_content (
    content_key bigint generated by default as identity,
    source text not null,
    instance text not null,
    post_id text not null,
    uri text not null,
    url text,
    content_text text,
    content_hash bytea,
    language text,
    visibility text,
    is_sensitive boolean,
    spoiler_text text,
    is_reply boolean not null,
    in_reply_to_id text,
    media_count integer,
    media_types text[],
    content_length integer,
    word_count integer,
    created_at timestamptz not null,
    constraint pk_dim_content primary key (content_key)
);
create unique index uq_dim_content_uri on {{ silver }}.dim_content (uri);
comment on index {{ silver }}.uq_dim_content_uri
is 'Serves silver/batch/posts.sql: the row of a post that was touched; and there is only one.';
call {{ ops }}.describe('{{ silver }}.dim_content', 'One post, wherever it was read: what it says.', $$
content_key: surrogate key
source: the platform it was first seen on
instance: the host it was first read from
post_id: its id there
uri: its canonical address
url: where a person can read it
content_text: its text; empty when it was deleted and REDACT_DELETED is set
content_hash: SHA-256 of the text
language: the language it claims, else the one found
visibility: public, unlisted, private, direct
is_sensitive: marked as sensitive
spoiler_text: the warning above the content
is_reply: whether it answers a post
in_reply_to_id: id of that post on the same instance
media_count: attachments
media_types: their types, in order
content_length: characters
word_count: words
created_at: when it was created, as first seen
$$);

-- A view, and so the same whatever the order in which posts arrive, are edited and go.
create index ix_dim_content_words on {{ silver }}.dim_content (content_hash, created_at, uri) where word_count > 0;
comment on index {{ silver }}.ix_dim_content_words
is 'Serves silver.post_duplicates: who said the same words first.';
create view {{ silver }}.post_duplicates as
select
    again.content_key,
    earliest.content_key as first_content_key
from {{ silver }}.dim_content as again
cross join
    lateral (
        select said.content_key
        from {{ silver }}.dim_content as said
        where said.content_hash = again.content_hash and said.word_count > 0
        order by said.created_at, said.uri
        limit 1
    ) as earliest
where again.word_count > 0 and earliest.content_key <> again.content_key;
call {{ ops }}.describe(
    '{{ silver }}.post_duplicates',
    'A post that says word for word what an earlier one says, of any account, instance and platform: marked, kept.',
    $$
content_key: the post
first_content_key: the post that said it first, by creation and then by address
$$
);

create table {{ silver }}.dim_sentiment (
    sentiment_key bigint generated always as identity,
    label text not null,
    confidence_band text not null,
    model text not null,
    model_revision text not null,
    constraint pk_dim_sentiment primary key (sentiment_key)
);
create unique index uq_dim_sentiment
on {{ silver }}.dim_sentiment (label, confidence_band, model, model_revision);
comment on index {{ silver }}.uq_dim_sentiment
is 'Serves silver/dim_sentiment/insert.sql and silver/fact_toot_engagement/merge.sql: the key of a mood.';
-- How surely a model says what it says.
create function {{ silver }}.confidence_band(confidence double precision) returns text
language sql immutable
as $$
    select case when confidence < 0.6 then 'low' when confidence < 0.85 then 'medium' else 'high' end
$$;
comment on function {{ silver }}.confidence_band(double precision) is 'low < 0.6 <= medium < 0.85 <= high.';
insert into {{ silver }}.dim_sentiment overriding system value values (0, 'not scored', 'none', 'none', 'none');
call {{ ops }}.describe(
    '{{ silver }}.dim_sentiment',
    'One mood, as a model ever said it of a post and how surely; the row with key 0 means not scored.',
    $$
sentiment_key: surrogate key; 0 means not scored
label: negative, neutral, positive, or not scored
confidence_band: low < 0.6 <= medium < 0.85 <= high; none where not scored
model: the model
model_revision: its pinned revision
$$
);

create table {{ silver }}.fact_toot_engagement (
    content_key bigint not null,
    account_key bigint not null,
    date_key integer not null,
    sentiment_key bigint not null,
    created_hour smallint not null,
    created_at timestamptz not null,
    replies_count bigint,
    reblogs_count bigint,
    favourites_count bigint,
    engagement_score bigint not null,
    measured_at timestamptz not null,
    deleted_at timestamptz,
    pipeline_run_id text not null,
    loaded_at timestamptz not null,
    constraint pk_fact_toot_engagement primary key (content_key),
    constraint fk_fact_content foreign key (content_key) references {{ silver }}.dim_content (content_key),
    constraint fk_fact_account foreign key (account_key) references {{ silver }}.dim_account (account_key),
    constraint fk_fact_date foreign key (date_key) references {{ silver }}.dim_date (date_key),
    constraint fk_fact_sentiment foreign key (sentiment_key)
    references {{ silver }}.dim_sentiment (sentiment_key)
);
create index ix_fact_account on {{ silver }}.fact_toot_engagement (account_key, created_at);
comment on index {{ silver }}.ix_fact_account
is 'Serves silver/dim_account/strays.sql: the posts of a version that lie beyond its end.';
create index ix_fact_created_at on {{ silver }}.fact_toot_engagement (created_at);
comment on index {{ silver }}.ix_fact_created_at
is 'Serves gold''s bounded views, alerts and a rebuild of a range: posts of a span of time.';
create index ix_fact_engagement
on {{ silver }}.fact_toot_engagement (engagement_score desc) where deleted_at is null;
comment on index {{ silver }}.ix_fact_engagement
is 'Serves mv_top_performing_content: the thousand posts with most engagement.';
-- BRIN: a re-measured post stays a heap-only update.
create index ix_fact_loaded_at on {{ silver }}.fact_toot_engagement using brin (loaded_at);
comment on index {{ silver }}.ix_fact_loaded_at
is 'Serves silver/*/check*.sql: what a load has just written.';
call {{ ops }}.describe(
    '{{ silver }}.fact_toot_engagement', 'One post: how it was received. Everything else hangs on its keys.', $$
content_key: the post
account_key: its author, in the version valid at created_at
date_key: the day it was created, UTC
sentiment_key: its mood, as the configured default model reads its latest text
created_hour: the hour it was created, UTC, 0 to 23
created_at: when it was created, as first seen
replies_count: answers; null where the source does not say
reblogs_count: boosts or crossposts
favourites_count: favourites, or a score that may be negative
engagement_score: weighted sum of the three, rounded
measured_at: when these counts were read
deleted_at: when it was found gone; null while it is there; deleted posts count nowhere
pipeline_run_id: the run that made the observation that won
loaded_at: when this row was last written
$$
);

create table {{ silver }}.current_moods (
    content_key bigint not null,
    label text not null,
    confidence double precision not null,
    mood double precision not null,
    constraint pk_current_moods primary key (content_key),
    constraint fk_current_moods_content foreign key (content_key)
    references {{ silver }}.dim_content (content_key) on delete cascade
);
call {{ ops }}.describe(
    '{{ silver }}.current_moods',
    'The mood of a post that has one: what the configured default model says of its latest text.',
    $$
content_key: the post
label: negative, neutral or positive
confidence: probability of the likeliest label
mood: p(positive) - p(negative), in [-1, 1]
$$
);

create table {{ silver }}.post_sentiments (
    source text not null,
    instance text not null,
    post_id text not null,
    input_hash bytea not null,
    preprocessing_version text not null,
    model text not null,
    model_revision text not null,
    backend text not null,
    precision text not null,
    label text not null,
    confidence double precision not null,
    scores jsonb not null,
    device text not null,
    analyzed_at timestamptz not null default now(),
    pipeline_run_id text,
    constraint pk_post_sentiments primary key (
        source, instance, post_id, input_hash, preprocessing_version, model, model_revision, backend, precision
    )
);
create index ix_post_sentiments_cache on {{ silver }}.post_sentiments (
    model, model_revision, backend, precision, preprocessing_version, input_hash
);
comment on index {{ silver }}.ix_post_sentiments_cache
is 'Serves the score step: has this model read anything before (is_known.sql), and this text (cached.sql)?';
call {{ ops }}.describe(
    '{{ silver }}.post_sentiments',
    'One prediction: what one model said of one text of one post. Its version is the one with the same input_hash.',
    $$
source: the platform
instance: the host the post was read from
post_id: its id there
input_hash: SHA-256 of the text that was read
preprocessing_version: how that text was prepared
model: the model
model_revision: its pinned revision
backend: what ran it
precision: in which arithmetic
label: negative, neutral or positive
confidence: probability of the likeliest label
scores: probability of each label
device: where it ran
analyzed_at: when
pipeline_run_id: the run that asked
$$
);

create table {{ silver }}.instances (
    source text not null,
    instance text not null,
    base_url text not null,
    software text,
    version text,
    stream_type text,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    constraint pk_instances primary key (source, instance)
);
call {{ ops }}.describe('{{ silver }}.instances', 'One host that posts or accounts were read from.', $$
source: the platform
instance: the host
base_url: where it answers
software: what it says it runs, where somebody asked
version: in which version
stream_type: what kind of stream it offers, where somebody asked
created_at: when something was first read from it
last_seen_at: when something was last read from it
$$);

create table {{ silver }}.post_sightings (
    source text not null,
    instance text not null,
    post_id text not null,
    content_key bigint not null,
    in_reply_to_id text,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    constraint pk_post_sightings primary key (source, instance, post_id, content_key),
    constraint fk_post_sightings_content foreign key (content_key)
    references {{ silver }}.dim_content (content_key) on delete cascade
);
create index ix_post_sightings_content on {{ silver }}.post_sightings (content_key);
comment on index {{ silver }}.ix_post_sightings_content
is 'Serves silver/thread_replies/links.sql and predictions by post: where a post was seen.';
create index ix_post_sightings_answers
on {{ silver }}.post_sightings (source, instance, in_reply_to_id) where in_reply_to_id is not null;
comment on index {{ silver }}.ix_post_sightings_answers
is 'Serves silver/thread_replies/candidates.sql: the orphans that a parent adopts when it arrives.';
call {{ ops }}.describe('{{ silver }}.post_sightings', 'One place where a post was seen.', $$
source: the platform
instance: the host it was read from
post_id: its id there
content_key: the post
in_reply_to_id: id there of the post it answers
first_seen_at: when it was first observed there
last_seen_at: when it was last observed there with something new
$$);

create table {{ silver }}.hashtags (
    hashtag_id bigint generated always as identity,
    name text not null,
    shown text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    constraint pk_hashtags primary key (hashtag_id)
);
create unique index uq_hashtags_name on {{ silver }}.hashtags (name);
comment on index {{ silver }}.uq_hashtags_name
is 'Serves silver/hashtags/merge.sql and people: a tag by its folded name.';
call {{ ops }}.describe('{{ silver }}.hashtags', 'One hashtag, however it is written.', $$
hashtag_id: surrogate key
name: folded as Mastodon folds it
shown: as the earliest post writes it
first_seen_at: creation of the earliest post ever seen with it
last_seen_at: creation of the latest post ever seen with it
$$);

create table {{ silver }}.post_hashtags (
    content_key bigint not null,
    hashtag_id bigint not null,
    created_at timestamptz not null,
    constraint pk_post_hashtags primary key (content_key, hashtag_id),
    constraint fk_post_hashtags_content foreign key (content_key)
    references {{ silver }}.dim_content (content_key) on delete cascade,
    constraint fk_post_hashtags_hashtag foreign key (hashtag_id) references {{ silver }}.hashtags (hashtag_id)
);
create index ix_post_hashtags_tag on {{ silver }}.post_hashtags (hashtag_id, created_at);
comment on index {{ silver }}.ix_post_hashtags_tag
is 'Serves silver/hashtag_minute_stats/recompute.sql and read files: posts of a tag in a span of time.';
call {{ ops }}.describe('{{ silver }}.post_hashtags', 'One tag of one post, as it reads now.', $$
content_key: the post
hashtag_id: the tag
created_at: when the post was created
$$);

create table {{ silver }}.post_mentions (
    content_key bigint not null,
    acct text not null,
    account_uri text,
    constraint pk_post_mentions primary key (content_key, acct),
    constraint fk_post_mentions_content foreign key (content_key)
    references {{ silver }}.dim_content (content_key) on delete cascade
);
call {{ ops }}.describe('{{ silver }}.post_mentions', 'One account that a post mentions, as it reads now.', $$
content_key: the post
acct: the handle mentioned
account_uri: its address, where the source gives it
$$);

create table {{ silver }}.media_attachments (
    content_key bigint not null,
    position smallint not null,
    type text not null,
    url text,
    preview_url text,
    description text,
    meta jsonb,
    constraint pk_media_attachments primary key (content_key, position),
    constraint fk_media_attachments_content foreign key (content_key)
    references {{ silver }}.dim_content (content_key) on delete cascade
);
call {{ ops }}.describe('{{ silver }}.media_attachments', 'One attachment of one post, as it is now.', $$
content_key: the post
position: its place among the post's attachments, from 1
type: image, gifv, video, audio, unknown
url: the file
preview_url: a smaller picture of it
description: what it shows, as its author says
meta: sizes, focus, duration
$$);

create table {{ silver }}.post_versions (
    content_key bigint not null,
    version_seq integer not null,
    valid_from timestamptz not null,
    content_html text,
    content_text text,
    input_hash bytea,
    edited_at timestamptz,
    constraint pk_post_versions primary key (content_key, version_seq),
    constraint fk_post_versions_content foreign key (content_key)
    references {{ silver }}.dim_content (content_key) on delete cascade
);
call {{ ops }}.describe('{{ silver }}.post_versions', 'One wording of one post: the first one and every edit seen.', $$
content_key: the post
version_seq: from 1, in the order in which they were written
valid_from: when it was written; when it was first seen, where the source does not say
content_html: as sent; null when the post was deleted and REDACT_DELETED is set
content_text: as plain text; null likewise
input_hash: SHA-256 of the text as the model is given it: leads to its predictions
edited_at: when the source says it was edited; null for the first
$$);

create table {{ silver }}.post_metric_snapshots (
    content_key bigint not null,
    captured_at timestamptz not null,
    replies_count bigint,
    reblogs_count bigint,
    favourites_count bigint,
    engagement_score bigint not null,
    constraint pk_post_metric_snapshots primary key (content_key, captured_at),
    constraint fk_post_metric_snapshots_content foreign key (content_key)
    references {{ silver }}.dim_content (content_key) on delete cascade
);
create index ix_post_metric_snapshots_captured_at on {{ silver }}.post_metric_snapshots (captured_at);
comment on index {{ silver }}.ix_post_metric_snapshots_captured_at
is 'Serves thinning and gain per post over a recent window.';
call {{ ops }}.describe(
    '{{ silver }}.post_metric_snapshots', 'The counts of one post at one moment, from the instance that counts.', $$
content_key: the post
captured_at: when they were read
replies_count: answers
reblogs_count: boosts or crossposts
favourites_count: favourites or score
engagement_score: weighted sum of the three, rounded
$$
);

create table {{ silver }}.hashtag_hourly_stats (
    hour timestamptz not null,
    hashtag_id bigint not null,
    source text not null,
    instance text not null,
    posts bigint not null,
    unique_accounts bigint not null,
    engagement bigint not null,
    constraint pk_hashtag_hourly_stats primary key (hour, hashtag_id, source, instance)
);
create index ix_hashtag_hourly_stats_empty on {{ silver }}.hashtag_hourly_stats (hour) where posts = 0;
comment on index {{ silver }}.ix_hashtag_hourly_stats_empty
is 'Serves silver/hashtag_hourly_stats/prune.sql: what a batch has brought down to nothing.';
call {{ ops }}.describe(
    '{{ silver }}.hashtag_hourly_stats', 'One tag on one instance in one hour: only what counts.', $$
hour: start of the hour in which the posts were created
hashtag_id: the tag
source: the platform the posts were first seen on
instance: the host they were first read from
posts: how many
unique_accounts: how many wrote them
engagement: sum of their engagement scores
$$
);

create table {{ silver }}.hashtag_hourly_accounts (
    hour timestamptz not null,
    hashtag_id bigint not null,
    source text not null,
    instance text not null,
    account_uri text not null,
    posts bigint not null,
    constraint pk_hashtag_hourly_accounts primary key (hour, hashtag_id, source, instance, account_uri)
);
create index ix_hashtag_hourly_accounts_empty on {{ silver }}.hashtag_hourly_accounts (hour) where posts = 0;
comment on index {{ silver }}.ix_hashtag_hourly_accounts_empty
is 'Serves silver/hashtag_hourly_accounts/prune.sql: what a batch has brought down to nothing.';
call {{ ops }}.describe(
    '{{ silver }}.hashtag_hourly_accounts',
    'Who used a tag on an instance in an hour: its steps from 0 to 1 and back keep unique_accounts exact.',
    $$
hour: start of the hour
hashtag_id: the tag
source: the platform
instance: the host
account_uri: the author
posts: how many of the posts are theirs
$$
);

create table {{ silver }}.hashtag_minute_stats (
    minute timestamptz not null,
    hashtag_id bigint not null,
    source text not null,
    instance text not null,
    posts bigint not null,
    unique_accounts bigint not null,
    engagement bigint not null,
    constraint pk_hashtag_minute_stats primary key (minute, hashtag_id, source, instance)
);
call {{ ops }}.describe(
    '{{ silver }}.hashtag_minute_stats',
    'One tag on one instance in one minute of the last 48 hours, so that any window of minutes can be asked.',
    $$
minute: start of the minute in which the posts were created
hashtag_id: the tag
source: the platform the posts were first seen on
instance: the host they were first read from
posts: how many
unique_accounts: how many wrote them
engagement: sum of their engagement scores
$$
);

create table {{ silver }}.thread_replies (
    content_key bigint not null,
    parent_key bigint not null,
    root_key bigint not null,
    depth integer not null,
    constraint pk_thread_replies primary key (content_key),
    constraint fk_thread_replies_content foreign key (content_key)
    references {{ silver }}.dim_content (content_key) on delete cascade
);
create index ix_thread_replies_parent on {{ silver }}.thread_replies (parent_key);
comment on index {{ silver }}.ix_thread_replies_parent
is 'Serves silver/thread_replies/below.sql: everything below a post that moved.';
create index ix_thread_replies_root on {{ silver }}.thread_replies (root_key);
comment on index {{ silver }}.ix_thread_replies_root
is 'Serves silver/conversation_threads/merge.sql and people: all of a thread.';
call {{ ops }}.describe(
    '{{ silver }}.thread_replies',
    'One reply whose parent is known. A reply whose parent is not is the root of what hangs below it until then.',
    $$
content_key: the reply
parent_key: the post it answers, which is older
root_key: the post the thread began with
depth: steps from the root, from 1
$$
);

create table {{ silver }}.conversation_threads (
    root_key bigint not null,
    depth integer not null,
    reply_count bigint not null,
    participants bigint not null,
    constraint pk_conversation_threads primary key (root_key),
    constraint fk_conversation_threads_root foreign key (root_key)
    references {{ silver }}.dim_content (content_key) on delete cascade
);
call {{ ops }}.describe(
    '{{ silver }}.conversation_threads', 'One thread that somebody answered in. Deleted posts are not counted.', $$
root_key: the post it began with; as long as that was not read, the first reply that was
depth: steps from it to the deepest reply
reply_count: replies
participants: accounts that wrote in it, the first one included
$$
);

-- The one definition of what counts, for the load's signed deltas and for whoever counts from the start.
create function {{ silver }}.counted_posts(visibilities text[]) returns table (
    content_key bigint,
    account_uri text,
    account_key bigint,
    source text,
    instance text,
    date_key integer,
    created_hour smallint,
    created_at timestamptz,
    language text,
    label text,
    mood double precision,
    replies bigint,
    reblogs bigint,
    favourites bigint,
    engagement bigint,
    hashtag_ids bigint[]
)
language sql stable
as $$
    select
        fact.content_key,
        (
            select min(known.account_uri collate "C")
            from {{ silver }}.account_identities as known
            where (known.source, known.instance, known.account_id)
                = (account.source, account.instance, account.account_id)
        ) collate "default",
        fact.account_key,
        content.source,
        content.instance,
        fact.date_key,
        fact.created_hour,
        fact.created_at,
        content.language,
        mood.label,
        mood.mood,
        coalesce(fact.replies_count, 0),
        coalesce(fact.reblogs_count, 0),
        coalesce(fact.favourites_count, 0),
        fact.engagement_score,
        array(
            select tag.hashtag_id
            from {{ silver }}.post_hashtags as tag
            where tag.content_key = fact.content_key
            order by tag.hashtag_id
        )
    from {{ silver }}.fact_toot_engagement as fact
    inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
    inner join {{ silver }}.dim_account as account on fact.account_key = account.account_key
    left join {{ silver }}.current_moods as mood on fact.content_key = mood.content_key
    where fact.deleted_at is null and coalesce(content.visibility, 'public') = any(visibilities)
$$;
comment on function {{ silver }}.counted_posts(text[])
is 'Every post that counts: there, and of a visibility that is asked for.';

-- down

drop function {{ silver }}.counted_posts(text[]);
drop table {{ silver }}.conversation_threads;
drop table {{ silver }}.thread_replies;
drop table {{ silver }}.hashtag_minute_stats;
drop table {{ silver }}.hashtag_hourly_accounts;
drop table {{ silver }}.hashtag_hourly_stats;
drop table {{ silver }}.post_metric_snapshots;
drop table {{ silver }}.post_versions;
drop table {{ silver }}.media_attachments;
drop table {{ silver }}.post_mentions;
drop table {{ silver }}.post_hashtags;
drop table {{ silver }}.hashtags;
drop table {{ silver }}.post_sightings;
drop table {{ silver }}.instances;
drop table {{ silver }}.post_sentiments;
drop table {{ silver }}.current_moods;
drop table {{ silver }}.fact_toot_engagement;
drop function {{ silver }}.confidence_band(double precision);
drop table {{ silver }}.dim_sentiment;
drop view {{ silver }}.post_duplicates;
drop table {{ silver }}.dim_content;
drop table {{ silver }}.dim_account;
drop table {{ silver }}.account_identities;
drop function {{ silver }}.days(date, date);
drop table {{ silver }}.dim_date;
