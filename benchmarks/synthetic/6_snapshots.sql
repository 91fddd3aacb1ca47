-- Three looks at the counts of every post: in its first minutes, when it has all it ever gets, and a day later.
-- Grain: one look. Rows in: the facts after %(first)s. Rows out: three a post.

insert into {{ silver }}.post_metric_snapshots (
    content_key, captured_at, replies_count, reblogs_count, favourites_count, engagement_score, gained, risen
)
select
    fact.content_key,
    looks.captured_at,
    fact.replies_count,
    fact.reblogs_count,
    fact.favourites_count / looks.part,
    fact.engagement_score / looks.part,
    fact.engagement_score / looks.part - fact.engagement_score * looks.had / 3,
    fact.engagement_score / looks.part
from {{ silver }}.fact_toot_engagement as fact
cross join lateral (
    values
    (fact.created_at + interval '1 minute' * (1 + fact.content_key %% 90), 3, 0),
    (fact.measured_at + interval '2 hours', 1, 1),
    (fact.measured_at + interval '26 hours', 1, 3)
) as looks (captured_at, part, had)
where fact.content_key > %(first)s;
