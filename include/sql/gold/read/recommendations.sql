-- What goes with a hashtag.
-- Grain: one other hashtag. Rows in: the tags that enough posts of %(hashtag)s carry, too: with a rate of at least
-- %(min_rate)s they are no more than a post has tags, over that rate. Rows out: at most %(most)s, by %(by)s.
--
--   posts   = posts that carry both
--   rate    = these among the posts of %(hashtag)s
--   jaccard = these among the posts of either
--   lift    = how many times more often both stand together than if they knew nothing of each other

with

everything as (
    select sum(posts)::double precision as posts
    from {{ gold }}.rollup_day
    where source = '*' and instance = '*'
),

target as (
    select rollup_hashtag.*
    from {{ silver }}.hashtags
    inner join {{ gold }}.rollup_hashtag on hashtags.hashtag_id = rollup_hashtag.hashtag_id
    where hashtags.name = %(hashtag)s
),

pairs as (
    select
        rollup_hashtag_pair.other_id,
        rollup_hashtag_pair.posts,
        target.posts as target_posts
    from target
    inner join {{ gold }}.rollup_hashtag_pair on target.hashtag_id = rollup_hashtag_pair.hashtag_id
    where rollup_hashtag_pair.posts >= greatest(%(min_posts)s, floor(%(min_rate)s * target.posts)::bigint)
),

measured as (
    select
        hashtags.name as hashtag,
        pairs.posts,
        pairs.posts / pairs.target_posts::double precision as rate,
        pairs.posts / (pairs.target_posts + other.posts - pairs.posts)::double precision as jaccard,
        pairs.posts * everything.posts / (pairs.target_posts * other.posts) as lift
    from pairs
    cross join everything
    inner join {{ gold }}.rollup_hashtag as other on pairs.other_id = other.hashtag_id
    inner join {{ silver }}.hashtags on pairs.other_id = hashtags.hashtag_id
)

select
    hashtag,
    posts,
    rate,
    jaccard,
    lift
from measured
where rate >= %(min_rate)s
order by
    case %(by)s when 'posts' then posts when 'rate' then rate when 'jaccard' then jaccard else lift end desc,
    posts desc,
    hashtag asc
limit %(most)s;
