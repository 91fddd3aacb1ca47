-- A second look at posts of the newest day.
-- Grain: one post. Rows in: %(posts)s. Rows out: as many changed facts.
update {{ facts }} set
    favourites_count = favourites_count + 3,
    engagement_score = engagement_score + 6,
    measured_at = measured_at + interval '1 hour',
    loaded_at = loaded_at + interval '1 hour'
where content_key in (select %(newest)s - floor(1000000 * random())::bigint from generate_series(1, %(posts)s));
