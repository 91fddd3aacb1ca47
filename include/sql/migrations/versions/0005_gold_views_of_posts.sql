-- Gold: the three views over posts and those who wrote them.
-- "The newest day" of a view is that of the data, not of the clock: a view is a function of what was loaded.

create materialized view {{ gold }}.mv_top_performing_content as
with

candidates as (
    select fact_toot_engagement.*
    from {{ silver }}.fact_toot_engagement
    where
        deleted_at is null
        and exists (
            select 1 from {{ gold }}.rollup_post
            where rollup_post.content_key = fact_toot_engagement.content_key
        )
    order by engagement_score desc
    fetch first 1000 rows with ties
),

posts as (
    select
        row_number() over (
            order by candidates.engagement_score desc, candidates.created_at desc, dim_content.uri asc
        ) as rank,
        candidates.*,
        dim_content.source,
        dim_content.instance,
        dim_content.post_id,
        dim_content.uri,
        dim_content.url,
        dim_content.content_text,
        dim_content.language,
        dim_account.acct,
        dim_account.display_name,
        dim_account.followers_count,
        dim_account.influence_tier,
        candidates.engagement_score
        / nullif(dim_account.followers_count, 0)::double precision as engagement_per_follower
    from candidates
    inner join {{ silver }}.dim_content on candidates.content_key = dim_content.content_key
    inner join {{ silver }}.dim_account on candidates.account_key = dim_account.account_key
)

select
    posts.rank,
    row_number() over (
        order by posts.engagement_per_follower desc nulls last, posts.rank asc
    ) as follower_rank,
    posts.source,
    posts.instance,
    posts.post_id,
    posts.uri,
    posts.url,
    posts.content_text,
    posts.language,
    posts.created_at,
    posts.acct,
    posts.display_name,
    posts.followers_count,
    posts.influence_tier,
    posts.replies_count as replies,
    posts.reblogs_count as reblogs,
    posts.favourites_count as favourites,
    posts.engagement_score as engagement,
    posts.engagement_per_follower,
    current_moods.label,
    current_moods.mood,
    (
        select coalesce(array_agg(hashtags.name order by hashtags.name), '{}')
        from {{ silver }}.post_hashtags
        inner join {{ silver }}.hashtags on post_hashtags.hashtag_id = hashtags.hashtag_id
        where post_hashtags.content_key = posts.content_key
    ) as hashtags,
    posts.measured_at
from posts
left join {{ silver }}.current_moods on posts.content_key = current_moods.content_key
where posts.rank <= 1000;

create unique index uq_mv_top_performing_content on {{ gold }}.mv_top_performing_content (uri);
comment on index {{ gold }}.uq_mv_top_performing_content
is 'Serves its refresh beside readers: one post by its address.';
call {{ ops }}.describe(
    '{{ gold }}.mv_top_performing_content',
    'One of the posts with most engagement of all. Bounded by 1,000 posts.', $$
rank: place by engagement; the newer one first where equal
follower_rank: place among these by engagement per follower
source: the platform it was first seen on
instance: the host it was first read from
post_id: its id there
uri: its canonical address
url: where a person can read it
content_text: its text
language: its language
created_at: when it was created
acct: its author's handle then
display_name: the name the author showed then
followers_count: the author's followers then
influence_tier: Micro, Mid, Macro or Mega, by these
replies: answers
reblogs: boosts
favourites: favourites or score
engagement: engagement score
engagement_per_follower: engagement over followers; null without followers
label: negative, neutral or positive; null until scored
mood: p(positive) - p(negative)
hashtags: its tags, folded
measured_at: when its counts were read
$$
);

create materialized view {{ gold }}.mv_account_influence_analysis as
with

newest as (
    select max(day) as day from {{ gold }}.rollup_day
),

candidates as (
    select rollup_account.*
    from {{ gold }}.rollup_account
    where rollup_account.last_day > (select newest.day from newest) - 90
    order by rollup_account.engagement desc
    fetch first 1000 rows with ties
),

ranked as (
    select
        candidates.*,
        row_number() over (order by engagement desc, posts desc, account_uri asc) as rank
    from candidates
),

accounts as (
    select * from ranked where rank <= 1000
),

-- Account by account: what a refresh reads is bounded by the accounts that are shown, however many others there are.
recent as (
    select
        accounts.account_no,
        sums.*
    from accounts
    cross join newest
    cross join lateral (
        select
            sum(rollup_account_day.posts)::bigint as posts,
            sum(rollup_account_day.engagement)::bigint as engagement,
            count(distinct rollup_account_day.day) as active_days,
            count(distinct div(newest.day - rollup_account_day.day, 7)) as active_weeks
        from {{ gold }}.rollup_account_day
        where
            rollup_account_day.account_no = accounts.account_no
            and rollup_account_day.day > newest.day - 90
    ) as sums
)

select
    accounts.rank,
    accounts.account_uri,
    account_identities.source,
    account_identities.instance,
    account_identities.account_id,
    dim_account.acct,
    dim_account.display_name,
    dim_account.url,
    dim_account.is_bot,
    dim_account.followers_count,
    dim_account.following_count,
    dim_account.influence_tier,
    accounts.posts,
    accounts.replies,
    accounts.reblogs,
    accounts.favourites,
    accounts.engagement,
    accounts.engagement / accounts.posts::double precision as mean_engagement,
    accounts.engagement / nullif(dim_account.followers_count, 0)::double precision as engagement_per_follower,
    recent.posts as posts_90d,
    recent.engagement as engagement_90d,
    recent.active_days as active_days_90d,
    recent.active_weeks / 13::double precision as consistency,
    accounts.mood_micros / 1e6::double precision / nullif(accounts.scored, 0) as mood,
    accounts.positive / nullif(accounts.scored, 0)::double precision as positive_share,
    accounts.neutral / nullif(accounts.scored, 0)::double precision as neutral_share,
    accounts.negative / nullif(accounts.scored, 0)::double precision as negative_share,
    accounts.first_day,
    accounts.last_day
from accounts
inner join recent on accounts.account_no = recent.account_no
inner join {{ silver }}.account_identities on accounts.account_uri = account_identities.account_uri
inner join {{ silver }}.dim_account
    on
        account_identities.source = dim_account.source
        and account_identities.instance = dim_account.instance
        and account_identities.account_id = dim_account.account_id
        and dim_account.is_current;

create unique index uq_mv_account_influence_analysis on {{ gold }}.mv_account_influence_analysis (account_uri);
comment on index {{ gold }}.uq_mv_account_influence_analysis
is 'Serves its refresh beside readers: one account by its address.';
call {{ ops }}.describe(
    '{{ gold }}.mv_account_influence_analysis',
    'One of the accounts with most engagement. Bounded by 1,000 accounts that posted in the newest 90 days.', $$
rank: place by engagement of all its posts
account_uri: its canonical address
source: the platform it was first seen on
instance: the host it was first read from
account_id: its id there
acct: its handle now
display_name: the name it shows now
url: where a person can see it
is_bot: whether it says it is automated
followers_count: its followers now
following_count: accounts it follows now
influence_tier: Micro, Mid, Macro or Mega, by its followers now
posts: its posts
replies: answers to them
reblogs: boosts of them
favourites: favourites or score of them
engagement: sum of their engagement scores
mean_engagement: engagement a post
engagement_per_follower: engagement over followers; null without followers
posts_90d: its posts of the newest 90 days
engagement_90d: sum of their engagement scores
active_days_90d: days of these on which it posted
consistency: share of the newest 13 weeks in which it posted
mood: mean of p(positive) - p(negative) of its posts
positive_share: positive ones among the scored
neutral_share: neutral ones among the scored
negative_share: negative ones among the scored
first_day: day of its earliest post
last_day: day of its latest post
$$
);

create materialized view {{ gold }}.mv_viral_content_indicators as
with

days as (
    select
        day,
        source,
        instance
    from {{ gold }}.rollup_day
    where day > (select max(newest.day) from {{ gold }}.rollup_day as newest) - 7 and instance <> '*'
),

candidates as (
    select
        days.day,
        top.content_key
    from days
    cross join lateral (
        select rollup_post.content_key
        from {{ gold }}.rollup_post
        where
            rollup_post.day = days.day
            and rollup_post.source = days.source
            and rollup_post.instance = days.instance
        order by rollup_post.engagement desc, rollup_post.created_at desc
        fetch first 50 rows with ties
    ) as top
),

posts as (
    select
        dim_content.*,
        row_number() over (
            partition by candidates.day, dim_content.source, dim_content.instance
            order by fact.engagement_score desc, fact.created_at desc, dim_content.uri asc
        ) as day_rank,
        dim_account.acct,
        dim_account.followers_count,
        fact.replies_count,
        fact.reblogs_count,
        fact.favourites_count,
        fact.engagement_score,
        fact.measured_at,
        coalesce(conversation_threads.depth, 0) as thread_depth,
        coalesce(conversation_threads.reply_count, 0) as thread_replies,
        coalesce(conversation_threads.participants, 1) as thread_participants,
        (
            select
                snapshots.engagement_score
                / (greatest(extract(epoch from snapshots.captured_at - fact.created_at), 300) / 3600)::double precision
            from {{ silver }}.post_metric_snapshots as snapshots
            where
                snapshots.content_key = candidates.content_key
                and snapshots.captured_at <= fact.created_at + interval '1 hour'
            order by snapshots.captured_at desc
            limit 1
        ) as first_hour_velocity,
        fact.engagement_score
        / (greatest(extract(epoch from fact.measured_at - fact.created_at), 300) / 3600)::double precision as velocity,
        fact.engagement_score / nullif(dim_account.followers_count, 0)::double precision as reach
    from candidates
    inner join {{ silver }}.fact_toot_engagement as fact on candidates.content_key = fact.content_key
    inner join {{ silver }}.dim_content on candidates.content_key = dim_content.content_key
    inner join {{ silver }}.dim_account on fact.account_key = dim_account.account_key
    left join {{ silver }}.conversation_threads on candidates.content_key = conversation_threads.root_key
),

scored as (
    select
        posts.*,
        (
            percent_rank() over (order by coalesce(first_hour_velocity, velocity))
            + percent_rank() over (order by coalesce(reach, 0))
            + percent_rank() over (order by thread_depth)
        ) / 3 as score
    from posts
    where day_rank <= 50
)

select
    row_number() over (order by score desc, engagement_score desc, uri asc) as rank,
    score,
    source,
    instance,
    post_id,
    uri,
    url,
    acct,
    followers_count,
    content_text,
    language,
    created_at,
    replies_count as replies,
    reblogs_count as reblogs,
    favourites_count as favourites,
    engagement_score as engagement,
    first_hour_velocity,
    velocity,
    reach,
    reblogs_count / nullif(favourites_count, 0)::double precision as boost_ratio,
    thread_depth,
    thread_replies,
    thread_participants,
    measured_at
from scored;

create unique index uq_mv_viral_content_indicators on {{ gold }}.mv_viral_content_indicators (uri);
comment on index {{ gold }}.uq_mv_viral_content_indicators
is 'Serves its refresh beside readers: one post by its address.';
call {{ ops }}.describe(
    '{{ gold }}.mv_viral_content_indicators',
    'One post that may be spreading. Bounded by the 50 with most engagement of each of the newest 7 days and instance.',
    $$
rank: place by score
score: how far ahead of the others here it is by velocity, reach and depth: mean of its three percent ranks, 0 to 1
source: the platform it was first seen on
instance: the host it was first read from
post_id: its id there
uri: its canonical address
url: where a person can read it
acct: its author's handle then
followers_count: the author's followers then
content_text: its text
language: its language
created_at: when it was created
replies: answers
reblogs: boosts
favourites: favourites or score
engagement: engagement score
first_hour_velocity: engagement an hour up to the last look within its first hour; null without such a look
velocity: engagement an hour from its creation to the latest look
reach: engagement over the author's followers; null without followers
boost_ratio: boosts a favourite
thread_depth: steps from it to the deepest reply known
thread_replies: replies below it that are known
thread_participants: accounts that wrote in the thread
measured_at: when its counts were read
$$
);

grant maintain on -- noqa: PRS
{{ gold }}.mv_top_performing_content,
{{ gold }}.mv_account_influence_analysis,
{{ gold }}.mv_viral_content_indicators
to chorus_loader;

-- down

drop materialized view {{ gold }}.mv_viral_content_indicators;
drop materialized view {{ gold }}.mv_account_influence_analysis;
drop materialized view {{ gold }}.mv_top_performing_content;
