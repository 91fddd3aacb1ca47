-- Gold: rollups that every silver load keeps exact by signed deltas; the seven views over them come next.
-- Every sum is of whole numbers (mood in millionths), so that what was added can be taken away without a trace.

create table {{ gold }}.rollup_account (
    account_no bigint generated always as identity,
    account_uri text not null,
    posts bigint not null default 0,
    replies bigint not null default 0,
    reblogs bigint not null default 0,
    favourites bigint not null default 0,
    engagement bigint not null default 0,
    scored bigint not null default 0,
    positive bigint not null default 0,
    neutral bigint not null default 0,
    negative bigint not null default 0,
    mood_micros bigint not null default 0,
    first_day date,
    last_day date,
    constraint pk_rollup_account primary key (account_no)
);
create unique index uq_rollup_account_uri on {{ gold }}.rollup_account (account_uri);
comment on index {{ gold }}.uq_rollup_account_uri
is 'Serves gold/rollup_account/register.sql: the number of an account by its address.';
create index ix_rollup_account_engagement on {{ gold }}.rollup_account (engagement desc);
comment on index {{ gold }}.ix_rollup_account_engagement
is 'Serves mv_account_influence_analysis: the accounts with most engagement.';
call {{ ops }}.describe('{{ gold }}.rollup_account', 'One account with all its posts that count.', $$
account_no: surrogate key; stands for the address in the other rollups
account_uri: the account's canonical address
posts: its posts
replies: answers to them
reblogs: boosts of them
favourites: favourites or score of them
engagement: sum of their engagement scores
scored: how many of them have a mood
positive: of these, how many are positive
neutral: how many neutral
negative: how many negative
mood_micros: sum of their moods, in millionths
first_day: day of the earliest
last_day: day of the latest
$$);

create table {{ gold }}.rollup_account_day (
    account_no bigint not null,
    day date not null,
    source text not null,
    instance text not null,
    posts bigint not null,
    engagement bigint not null,
    constraint pk_rollup_account_day primary key (account_no, day, source, instance)
);
call {{ ops }}.describe(
    '{{ gold }}.rollup_account_day',
    'One account on one day and instance; its steps from 0 to 1 post and back keep rollup_day.accounts exact.', $$
account_no: the account
day: the day its posts were created, UTC
source: the platform they were first seen on
instance: the host they were first read from
posts: how many
engagement: sum of their engagement scores
$$
);

create table {{ gold }}.rollup_post (
    content_key bigint not null,
    day date not null,
    source text not null,
    instance text not null,
    engagement bigint not null,
    created_at timestamptz not null,
    constraint pk_rollup_post primary key (content_key)
);
create index ix_rollup_post_day
on {{ gold }}.rollup_post (day, source, instance, engagement desc, created_at desc);
comment on index {{ gold }}.ix_rollup_post_day
is 'Serves mv_viral_content_indicators and gold/rollup_day/extremes.sql: the best and the least post of a day.';
call {{ ops }}.describe(
    '{{ gold }}.rollup_post', 'One post that counts: not deleted, and of a visibility that is included.', $$
content_key: the post
day: the day it was created, UTC
source: the platform it was first seen on
instance: the host it was first read from
engagement: its engagement score
created_at: when it was created
$$
);

create table {{ gold }}.rollup_day (
    day date not null,
    source text not null,
    instance text not null,
    posts bigint not null,
    accounts bigint not null,
    replies bigint not null,
    reblogs bigint not null,
    favourites bigint not null,
    engagement bigint not null,
    scored bigint not null,
    positive bigint not null,
    neutral bigint not null,
    negative bigint not null,
    mood_micros bigint not null,
    best_engagement bigint,
    least_engagement bigint,
    constraint pk_rollup_day primary key (day, source, instance)
);
call {{ ops }}.describe('{{ gold }}.rollup_day', 'One day on one instance, and on all of them as *.', $$
day: the day the posts were created, UTC
source: the platform they were first seen on; * for all
instance: the host they were first read from; * for all
posts: how many
accounts: how many wrote them, each counted once
replies: answers to them
reblogs: boosts of them
favourites: favourites or score of them
engagement: sum of their engagement scores
scored: how many of them have a mood
positive: of these, how many are positive
neutral: how many neutral
negative: how many negative
mood_micros: sum of their moods, in millionths
best_engagement: the greatest engagement score of one of them
least_engagement: the least
$$);

create table {{ gold }}.rollup_hour (
    day date not null,
    hour smallint not null,
    language text not null,
    posts bigint not null,
    engagement bigint not null,
    scored bigint not null,
    positive bigint not null,
    neutral bigint not null,
    negative bigint not null,
    mood_micros bigint not null,
    constraint pk_rollup_hour primary key (day, hour, language)
);
call {{ ops }}.describe('{{ gold }}.rollup_hour', 'One hour of one day in one language.', $$
day: the day the posts were created, UTC
hour: the hour, 0 to 23
language: their language; und where nobody knows
posts: how many
engagement: sum of their engagement scores
scored: how many of them have a mood
positive: of these, how many are positive
neutral: how many neutral
negative: how many negative
mood_micros: sum of their moods, in millionths
$$);

create table {{ gold }}.rollup_hashtag (
    hashtag_id bigint not null,
    posts bigint not null,
    accounts bigint not null,
    engagement bigint not null,
    scored bigint not null,
    positive bigint not null,
    neutral bigint not null,
    negative bigint not null,
    mood_micros bigint not null,
    first_day date,
    last_day date,
    constraint pk_rollup_hashtag primary key (hashtag_id)
);
create index ix_rollup_hashtag_posts on {{ gold }}.rollup_hashtag (posts desc);
comment on index {{ gold }}.ix_rollup_hashtag_posts
is 'Serves mv_hashtag_performance and mv_sentiment_trends: the tags with most posts.';
call {{ ops }}.describe('{{ gold }}.rollup_hashtag', 'One hashtag with all its posts that count.', $$
hashtag_id: the tag
posts: its posts
accounts: how many wrote them, each counted once
engagement: sum of their engagement scores
scored: how many of them have a mood
positive: of these, how many are positive
neutral: how many neutral
negative: how many negative
mood_micros: sum of their moods, in millionths
first_day: day of the earliest
last_day: day of the latest
$$);

create table {{ gold }}.rollup_hashtag_day (
    hashtag_id bigint not null,
    day date not null,
    posts bigint not null,
    engagement bigint not null,
    scored bigint not null,
    positive bigint not null,
    neutral bigint not null,
    negative bigint not null,
    mood_micros bigint not null,
    constraint pk_rollup_hashtag_day primary key (hashtag_id, day)
);
create index ix_rollup_hashtag_day_posts on {{ gold }}.rollup_hashtag_day (day, posts desc);
comment on index {{ gold }}.ix_rollup_hashtag_day_posts
is 'Serves mv_hashtag_performance: the tags with most posts of a day.';
call {{ ops }}.describe('{{ gold }}.rollup_hashtag_day', 'One hashtag on one day.', $$
hashtag_id: the tag
day: the day the posts were created, UTC
posts: how many
engagement: sum of their engagement scores
scored: how many of them have a mood
positive: of these, how many are positive
neutral: how many neutral
negative: how many negative
mood_micros: sum of their moods, in millionths
$$);

create table {{ gold }}.rollup_hashtag_account (
    hashtag_id bigint not null,
    account_no bigint not null,
    posts bigint not null,
    constraint pk_rollup_hashtag_account primary key (hashtag_id, account_no)
);
call {{ ops }}.describe(
    '{{ gold }}.rollup_hashtag_account',
    'One account that used a hashtag; its steps from 0 to 1 post and back keep rollup_hashtag.accounts exact.', $$
hashtag_id: the tag
account_no: the account
posts: how many of the tag's posts are theirs
$$
);

create table {{ gold }}.rollup_hashtag_pair (
    hashtag_id bigint not null,
    other_id bigint not null,
    posts bigint not null,
    constraint pk_rollup_hashtag_pair primary key (hashtag_id, other_id)
);
create index ix_rollup_hashtag_pair_posts on {{ gold }}.rollup_hashtag_pair (hashtag_id, posts desc);
comment on index {{ gold }}.ix_rollup_hashtag_pair_posts
is 'Serves mv_hashtag_performance and gold/read/recommendations.sql: what is most used beside a tag.';
call {{ ops }}.describe(
    '{{ gold }}.rollup_hashtag_pair', 'Two hashtags of the same posts; every pair stands here both ways round.', $$
hashtag_id: the one tag
other_id: the other
posts: posts that carry both
$$
);

create table {{ gold }}.view_state (
    view_name text not null,
    changes bigint not null default 0,
    changed_at timestamptz,
    refreshed_changes bigint not null default 0,
    refreshed_at timestamptz,
    rows bigint,
    seconds double precision,
    constraint pk_view_state primary key (view_name)
);
insert into {{ gold }}.view_state (view_name) values
('mv_daily_engagement_summary'),
('mv_top_performing_content'),
('mv_account_influence_analysis'),
('mv_hashtag_performance'),
('mv_hourly_posting_patterns'),
('mv_sentiment_trends'),
('mv_viral_content_indicators');
call {{ ops }}.describe(
    '{{ gold }}.view_state', 'One of the seven views: whether what it reads has changed since it was refreshed.', $$
view_name: the view
changes: how many loads have changed what it reads
changed_at: when the last of them did
refreshed_changes: how many of them the last refresh has seen
refreshed_at: when that was
rows: how many rows it left
seconds: how long it took
$$
);

create table {{ gold }}.daily_summaries (
    day date not null,
    source text not null,
    instance text not null,
    window_since timestamptz not null,
    window_until timestamptz not null,
    template_version integer not null,
    statistics jsonb not null,
    input_hash bytea not null,
    text text not null,
    written_at timestamptz not null default now(),
    constraint pk_daily_summaries primary key (day, source, instance)
);
call {{ ops }}.describe(
    '{{ gold }}.daily_summaries', 'One day in words: on one instance, and on all of them as *.', $$
day: the day, UTC
source: the platform; * for all
instance: the host; * for all
window_since: start of the day
window_until: end of it, exclusive
template_version: version of the wording
statistics: what the wording says, as numbers
input_hash: SHA-256 of these and of the version: the same input is not written again
text: the words
written_at: when they were written
$$
);

create table {{ gold }}.days_to_summarise (
    id bigint generated always as identity,
    day date not null,
    constraint pk_days_to_summarise primary key (id)
);
call {{ ops }}.describe(
    '{{ gold }}.days_to_summarise',
    'A day that a load has changed since it was last put into words; gone once it is. A day may stand here twice.', $$
id: order of arrival
day: the day
$$
);

create index ix_post_versions_edits on {{ silver }}.post_versions (valid_from) where version_seq > 1;
comment on index {{ silver }}.ix_post_versions_edits is 'Serves gold/read/label_flips.sql: the latest edits.';

-- down

drop index {{ silver }}.ix_post_versions_edits;
drop table {{ gold }}.days_to_summarise;
drop table {{ gold }}.daily_summaries;
drop table {{ gold }}.view_state;
drop table {{ gold }}.rollup_hashtag_pair;
drop table {{ gold }}.rollup_hashtag_account;
drop table {{ gold }}.rollup_hashtag_day;
drop table {{ gold }}.rollup_hashtag;
drop table {{ gold }}.rollup_hour;
drop table {{ gold }}.rollup_day;
drop table {{ gold }}.rollup_post;
drop table {{ gold }}.rollup_account_day;
drop table {{ gold }}.rollup_account;
