-- The hours of a tag lie together in an index, so that a day or a week of it is added up from one place.

create index ix_hashtag_hourly_stats_tag on {{ silver }}.hashtag_hourly_stats (hashtag_id, hour)
include (instance, posts, engagement);
comment on index {{ silver }}.ix_hashtag_hourly_stats_tag
is 'Serves gold/read/trending.sql: the hours of a tag.';
comment on index {{ gold }}.ix_rollup_hashtag_day_posts
is 'Serves mv_hashtag_performance and gold/read/trending.sql: the tags with most posts of a day.';

-- down

comment on index {{ gold }}.ix_rollup_hashtag_day_posts
is 'Serves mv_hashtag_performance: the tags with most posts of a day.';
drop index {{ silver }}.ix_hashtag_hourly_stats_tag;
