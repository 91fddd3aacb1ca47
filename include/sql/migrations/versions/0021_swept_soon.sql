-- Hours and days of hashtags are read from their keys, which do not say whether a row may be seen: of a page that no
-- vacuum has been to since it changed, each row is looked up, which took two fifths of the time of an answer. So
-- autovacuum comes after a hundredth of them has changed, as a load does it, and not after a fifth.

alter table {{ silver }}.hashtag_hourly_stats
set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
alter table {{ gold }}.rollup_hashtag_day
set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);

-- down

alter table {{ gold }}.rollup_hashtag_day
reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
alter table {{ silver }}.hashtag_hourly_stats
reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
