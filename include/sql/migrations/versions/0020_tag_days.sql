-- The posts of a tag on its days lie together in the key, so that four weeks of a thousand tags are added up in some
-- milliseconds.

alter table {{ gold }}.rollup_hashtag_day
drop constraint pk_rollup_hashtag_day,
add constraint pk_rollup_hashtag_day primary key (hashtag_id, day) include (posts);
comment on index {{ silver }}.ix_hashtag_hourly_stats_hour
is 'Serves gold/daily_summaries/read_days.sql and gold/read/trending.sql: the hours of all tags.';

-- down

comment on index {{ silver }}.ix_hashtag_hourly_stats_hour
is 'Serves gold/daily_summaries/read_days.sql: the hours of a day.';

alter table {{ gold }}.rollup_hashtag_day
drop constraint pk_rollup_hashtag_day,
add constraint pk_rollup_hashtag_day primary key (hashtag_id, day);
