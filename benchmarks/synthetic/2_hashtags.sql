-- Hashtags.
-- Grain: one hashtag. Rows in: %(hashtags)s. Rows out: as many.

insert into {{ silver }}.hashtags (name, shown, first_seen_at, last_seen_at)
select
    'tag' || n,
    'Tag' || n,
    %(until)s::timestamptz - interval '90 days',
    %(until)s::timestamptz
from generate_series(1, %(hashtags)s) as n;
