-- The hours of a tag lie together in the key, so that a day or a week of it is added up from one place; a day of all
-- tags has an index of its own.

alter table {{ silver }}.hashtag_hourly_stats
drop constraint pk_hashtag_hourly_stats,
add constraint pk_hashtag_hourly_stats primary key (hashtag_id, hour, source, instance)
include (posts, engagement);
create index ix_hashtag_hourly_stats_hour on {{ silver }}.hashtag_hourly_stats (hour);
comment on index {{ silver }}.ix_hashtag_hourly_stats_hour
is 'Serves gold/daily_summaries/read_days.sql: the hours of a day.';
comment on index {{ gold }}.ix_rollup_hashtag_day_posts
is 'Serves mv_hashtag_performance and gold/read/trending.sql: the tags with most posts of a day.';

-- down

comment on index {{ gold }}.ix_rollup_hashtag_day_posts
is 'Serves mv_hashtag_performance: the tags with most posts of a day.';
drop index {{ silver }}.ix_hashtag_hourly_stats_hour;
alter table {{ silver }}.hashtag_hourly_stats
drop constraint pk_hashtag_hourly_stats,
add constraint pk_hashtag_hourly_stats primary key (hour, hashtag_id, source, instance);
