-- Gold: rollups that every silver load keeps exact by signed deltas, and seven materialized views over them.
-- Every sum is of whole numbers (mood in millionths), so that what was added can be taken away without a trace.
-- "The newest day" of a view is that of the data, not of the clock: a view is a function of what was loaded.

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

create index ix_post_versions_edits on {{ silver }}.post_versions (valid_from) where version_seq > 1;
comment on index {{ silver }}.ix_post_versions_edits is 'Serves gold/read/label_flips.sql: the latest edits.';

-- The days from here on are counted back from the newest one that was loaded.

create materialized view {{ gold }}.mv_daily_engagement_summary as
with

newest as (
    select max(day) as day from {{ gold }}.rollup_day
),

days as (
    select
        rollup_day.*,
        newest.day - 90 as before_window,
        mood_micros / 1e6::double precision / nullif(scored, 0) as mood
    from {{ gold }}.rollup_day
    cross join newest
    where rollup_day.day > newest.day - 97
),

compared as (
    select
        days.*,
        nullif(sum(posts) over yesterday, 0)::double precision as posts_yesterday,
        nullif(sum(accounts) over yesterday, 0)::double precision as accounts_yesterday,
        nullif(sum(engagement) over yesterday, 0)::double precision as engagement_yesterday,
        sum(mood) over yesterday as mood_yesterday,
        nullif(sum(posts) over week, 0) / 7::double precision as posts_week,
        nullif(sum(engagement) over week, 0) / 7::double precision as engagement_week,
        sum(mood_micros) over week / 1e6::double precision / nullif(sum(scored) over week, 0) as mood_week
    from days
    window
        yesterday as (
            partition by source, instance order by day
            range between interval '1 day' preceding and interval '1 day' preceding
        ),
        week as (
            partition by source, instance order by day
            range between interval '7 days' preceding and interval '1 day' preceding
        )
)

select
    day,
    source,
    instance,
    posts,
    accounts,
    replies,
    reblogs,
    favourites,
    engagement,
    engagement / posts::double precision as mean_engagement,
    best_engagement,
    least_engagement,
    scored,
    positive / nullif(scored, 0)::double precision as positive_share,
    neutral / nullif(scored, 0)::double precision as neutral_share,
    negative / nullif(scored, 0)::double precision as negative_share,
    mood,
    posts / posts_yesterday - 1 as posts_change,
    accounts / accounts_yesterday - 1 as accounts_change,
    engagement / engagement_yesterday - 1 as engagement_change,
    mood - mood_yesterday as mood_change,
    posts / posts_week - 1 as posts_against_week,
    engagement / engagement_week - 1 as engagement_against_week,
    mood - mood_week as mood_against_week
from compared
where day > before_window;

create unique index uq_mv_daily_engagement_summary
on {{ gold }}.mv_daily_engagement_summary (day, source, instance);
comment on index {{ gold }}.uq_mv_daily_engagement_summary
is 'Serves its refresh beside readers, and daily_summaries: one day on one instance.';
call {{ ops }}.describe(
    '{{ gold }}.mv_daily_engagement_summary',
    'One day on one instance, and on all of them as *. Bounded by the newest 90 days.', $$
day: the day the posts were created, UTC
source: the platform they were first seen on; * for all
instance: the host they were first read from; * for all
posts: how many
accounts: how many wrote them, each counted once
replies: answers to them
reblogs: boosts of them
favourites: favourites or score of them
engagement: sum of their engagement scores
mean_engagement: engagement a post
best_engagement: the greatest engagement score of one of them
least_engagement: the least
scored: how many of them have a mood
positive_share: positive ones among the scored
neutral_share: neutral ones among the scored
negative_share: negative ones among the scored
mood: mean of p(positive) - p(negative), in [-1, 1]
posts_change: posts against the day before: 0.5 is half as many again; null when that had none
accounts_change: accounts against the day before
engagement_change: engagement against the day before
mood_change: mood minus that of the day before
posts_against_week: posts against the mean of the seven days before, days without posts counted as 0
engagement_against_week: engagement against the mean of the seven days before
mood_against_week: mood minus the mean mood of the posts of the seven days before
$$
);

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

recent as (
    select
        accounts.account_no,
        sum(rollup_account_day.posts)::bigint as posts,
        sum(rollup_account_day.engagement)::bigint as engagement,
        count(distinct rollup_account_day.day) as active_days,
        count(distinct div(newest.day - rollup_account_day.day, 7)) as active_weeks
    from accounts
    cross join newest
    inner join {{ gold }}.rollup_account_day
        on
            accounts.account_no = rollup_account_day.account_no
            and rollup_account_day.day > newest.day - 90
    group by accounts.account_no
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

create materialized view {{ gold }}.mv_hashtag_performance as
with

newest as (
    select
        day,
        1 + (max(hour) + 1) / 24::double precision as recent_days
    from {{ gold }}.rollup_hour
    where day = (select max(day) from {{ gold }}.rollup_day)
    group by day
),

most_used as (
    select hashtag_id
    from {{ gold }}.rollup_hashtag
    where last_day > (select day from newest) - 90
    order by posts desc
    fetch first 1000 rows with ties
),

lately as (
    select top.hashtag_id
    from newest
    cross join generate_series(0, 1) as days_back
    cross join lateral (
        select rollup_hashtag_day.hashtag_id
        from {{ gold }}.rollup_hashtag_day
        where rollup_hashtag_day.day = newest.day - days_back
        order by rollup_hashtag_day.posts desc
        fetch first 200 rows with ties
    ) as top
),

ranked as (
    select
        rollup_hashtag.*,
        hashtags.name,
        hashtags.shown,
        row_number() over (
            order by rollup_hashtag.posts desc, rollup_hashtag.engagement desc, hashtags.name asc
        ) as rank
    from (
        select hashtag_id from most_used
        union
        select hashtag_id from lately
    ) as candidates
    inner join {{ gold }}.rollup_hashtag on candidates.hashtag_id = rollup_hashtag.hashtag_id
    inner join {{ silver }}.hashtags on candidates.hashtag_id = hashtags.hashtag_id
),

tags as (
    select * from ranked
    where rank <= 1000 or hashtag_id in (select hashtag_id from lately)
),

recent as (
    select
        tags.hashtag_id,
        sum(days.posts)::bigint as posts_90d,
        sum(days.engagement)::bigint as engagement_90d,
        coalesce(sum(days.posts) filter (where days.day > newest.day - 2), 0)::bigint as recent_posts,
        coalesce(sum(days.posts) filter (where days.day > newest.day - 2), 0) / newest.recent_days as velocity,
        coalesce(
            sum(days.posts) filter (where days.day between newest.day - 8 and newest.day - 2), 0
        ) / 7::double precision as baseline
    from tags
    cross join newest
    inner join {{ gold }}.rollup_hashtag_day as days
        on tags.hashtag_id = days.hashtag_id and days.day > newest.day - 90
    group by tags.hashtag_id, newest.day, newest.recent_days
)

select
    tags.name as hashtag,
    tags.shown,
    case when tags.rank <= 1000 then tags.rank end as rank,
    tags.posts,
    tags.accounts,
    tags.engagement,
    tags.engagement / tags.posts::double precision as mean_engagement,
    recent.posts_90d,
    recent.engagement_90d,
    recent.recent_posts,
    recent.velocity,
    recent.baseline,
    (recent.velocity + 1) / (recent.baseline + 1) as growth,
    (recent.velocity + 1) / (recent.baseline + 1) * ln(1 + recent.recent_posts) as trending_score,
    tags.mood_micros / 1e6::double precision / nullif(tags.scored, 0) as mood,
    tags.positive / nullif(tags.scored, 0)::double precision as positive_share,
    tags.neutral / nullif(tags.scored, 0)::double precision as neutral_share,
    tags.negative / nullif(tags.scored, 0)::double precision as negative_share,
    (
        select coalesce((array_agg(hashtags.name order by pairs.posts desc, hashtags.name asc))[1:5], '{}')
        from (
            select
                rollup_hashtag_pair.other_id,
                rollup_hashtag_pair.posts
            from {{ gold }}.rollup_hashtag_pair
            where rollup_hashtag_pair.hashtag_id = tags.hashtag_id
            order by rollup_hashtag_pair.posts desc
            fetch first 5 rows with ties
        ) as pairs
        inner join {{ silver }}.hashtags on pairs.other_id = hashtags.hashtag_id
    ) as co_tags,
    tags.first_day,
    tags.last_day
from tags
inner join recent on tags.hashtag_id = recent.hashtag_id;

create unique index uq_mv_hashtag_performance on {{ gold }}.mv_hashtag_performance (hashtag);
comment on index {{ gold }}.uq_mv_hashtag_performance
is 'Serves its refresh beside readers, and people: one hashtag by its folded name.';
call {{ ops }}.describe(
    '{{ gold }}.mv_hashtag_performance',
    'One hashtag. Bounded by the 1,000 with most posts that were used in the newest 90 days, and the 200 with most '
    'posts of each of the newest two days (and their equals).', $$
hashtag: the tag, folded
shown: as it is written
rank: place by posts; null below 1,000
posts: its posts
accounts: how many wrote them, each counted once
engagement: sum of their engagement scores
mean_engagement: engagement a post
posts_90d: its posts of the newest 90 days
engagement_90d: sum of their engagement scores
recent_posts: its posts of the newest day and the one before
velocity: these, a day; the newest day counts as far as it has gone
baseline: its posts a day in the seven days before those two
growth: (velocity + 1) / (baseline + 1): above 1 it rises; the 1 keeps small counts small
trending_score: growth times the logarithm of 1 + recent_posts
mood: mean of p(positive) - p(negative)
positive_share: positive ones among the scored
neutral_share: neutral ones among the scored
negative_share: negative ones among the scored
co_tags: the five tags most used beside it
first_day: day of its earliest post
last_day: day of its latest post
$$
);

create materialized view {{ gold }}.mv_hourly_posting_patterns as
with

hours as (
    select *
    from {{ gold }}.rollup_hour
    where day > (select max(day) from {{ gold }}.rollup_day) - 90
),

languages as (
    select language
    from hours
    group by language
    order by sum(posts) desc, language asc
    limit 30
),

patterns as (
    select
        coalesce(language, '*') as language,
        extract(isodow from day)::smallint as weekday,
        hour,
        sum(posts)::bigint as posts,
        sum(engagement)::bigint as engagement,
        sum(scored)::bigint as scored,
        sum(mood_micros)::bigint as mood_micros
    from hours
    group by grouping sets ((language, weekday, hour), (weekday, hour))
)

select
    language,
    weekday,
    (array['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])[weekday] as day_name,
    hour,
    posts,
    posts / sum(posts) over by_language::double precision as posts_share,
    engagement,
    engagement / posts::double precision as mean_engagement,
    mood_micros / 1e6::double precision / nullif(scored, 0) as mood,
    row_number() over (
        partition by language
        order by engagement / posts::double precision desc, posts desc, weekday asc, hour asc
    ) as rank
from patterns
where language = '*' or language in (select languages.language from languages)
window by_language as (partition by language);

create unique index uq_mv_hourly_posting_patterns
on {{ gold }}.mv_hourly_posting_patterns (language, weekday, hour);
comment on index {{ gold }}.uq_mv_hourly_posting_patterns
is 'Serves its refresh beside readers, and people: one hour of the week in one language.';
call {{ ops }}.describe(
    '{{ gold }}.mv_hourly_posting_patterns',
    'One hour of the week, in one language and in all of them as *. Bounded by the newest 90 days and the 30 '
    'languages with most posts in them.', $$
language: the language of the posts; und where nobody knows, * for all
weekday: ISO, Monday is 1
day_name: Monday to Sunday
hour: 0 to 23, UTC
posts: posts of that hour of that weekday
posts_share: their share of the language's posts
engagement: sum of their engagement scores
mean_engagement: engagement a post
mood: mean of p(positive) - p(negative)
rank: place among the language's hours by engagement a post: the best hour is the row with rank 1
$$
);

create materialized view {{ gold }}.mv_sentiment_trends as
with

newest as (
    select max(day) as day from {{ gold }}.rollup_day
),

by_language as (
    select
        rollup_hour.day,
        rollup_hour.language,
        rollup_hour.posts,
        rollup_hour.scored,
        rollup_hour.positive,
        rollup_hour.neutral,
        rollup_hour.negative,
        rollup_hour.mood_micros
    from {{ gold }}.rollup_hour
    where rollup_hour.day > (select newest.day from newest) - 120
),

languages as (
    select language
    from by_language
    group by language
    order by sum(posts) desc, language asc
    limit 30
),

most_used as (
    select
        rollup_hashtag.hashtag_id,
        rollup_hashtag.posts,
        rollup_hashtag.engagement
    from {{ gold }}.rollup_hashtag
    where rollup_hashtag.last_day > (select newest.day from newest) - 90
    order by rollup_hashtag.posts desc
    fetch first 100 rows with ties
),

tags as (
    select
        most_used.hashtag_id,
        hashtags.name,
        row_number() over (
            order by most_used.posts desc, most_used.engagement desc, hashtags.name asc
        ) as rank
    from most_used
    inner join {{ silver }}.hashtags on most_used.hashtag_id = hashtags.hashtag_id
),

series as (
    select
        day,
        case when language is null then 'overall' else 'language' end as scope,
        coalesce(language, '*') as name,
        sum(posts)::bigint as posts,
        sum(scored)::bigint as scored,
        sum(positive)::bigint as positive,
        sum(neutral)::bigint as neutral,
        sum(negative)::bigint as negative,
        sum(mood_micros)::bigint as mood_micros
    from by_language
    group by grouping sets ((day, language), (day))
    having language is null or language in (select languages.language from languages)
    union all
    select
        days.day,
        'hashtag' as scope,
        tags.name,
        days.posts,
        days.scored,
        days.positive,
        days.neutral,
        days.negative,
        days.mood_micros
    from tags
    inner join {{ gold }}.rollup_hashtag_day as days on tags.hashtag_id = days.hashtag_id
    where tags.rank <= 100 and days.day > (select newest.day from newest) - 120
),

moods as (
    select
        series.*,
        mood_micros / 1e6::double precision / nullif(scored, 0) as mood
    from series
),

compared as (
    select
        moods.*,
        sum(mood_micros) over week / 1e6::double precision / nullif(sum(scored) over week, 0) as mood_7d,
        count(mood) over month as days_before,
        avg(mood) over month as mean_before,
        nullif(stddev_samp(mood) over month, 0) as deviation_before
    from moods
    window
        week as (
            partition by scope, name order by day
            range between interval '6 days' preceding and current row
        ),
        month as (
            partition by scope, name order by day
            range between interval '30 days' preceding and interval '1 day' preceding
        )
)

select
    day,
    scope,
    name,
    posts,
    scored,
    positive / nullif(scored, 0)::double precision as positive_share,
    neutral / nullif(scored, 0)::double precision as neutral_share,
    negative / nullif(scored, 0)::double precision as negative_share,
    mood,
    mood_7d,
    case when days_before >= 7 then (mood - mean_before) / deviation_before end as z_score
from compared
where day > (select newest.day from newest) - 90;

create unique index uq_mv_sentiment_trends on {{ gold }}.mv_sentiment_trends (scope, name, day);
comment on index {{ gold }}.uq_mv_sentiment_trends
is 'Serves its refresh beside readers, and people: the mood of one tag or language over time.';
call {{ ops }}.describe(
    '{{ gold }}.mv_sentiment_trends',
    'The mood of one day: overall, in one language, of one hashtag. Bounded by the newest 90 days, the 30 languages '
    'with most posts in them, and the 100 hashtags with most posts that were used in them.', $$
day: the day the posts were created, UTC
scope: overall, language or hashtag
name: the language or the folded hashtag; * overall
posts: posts of the day
scored: how many of them have a mood
positive_share: positive ones among the scored
neutral_share: neutral ones among the scored
negative_share: negative ones among the scored
mood: mean of p(positive) - p(negative), in [-1, 1]
mood_7d: the same over the posts of seven days, this one the last
z_score: standard deviations of the daily moods of the 30 days before between their mean and mood; null under 7 days
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
{{ gold }}.mv_daily_engagement_summary,
{{ gold }}.mv_top_performing_content,
{{ gold }}.mv_account_influence_analysis,
{{ gold }}.mv_hashtag_performance,
{{ gold }}.mv_hourly_posting_patterns,
{{ gold }}.mv_sentiment_trends,
{{ gold }}.mv_viral_content_indicators
to chorus_loader;

-- down

drop materialized view {{ gold }}.mv_viral_content_indicators;
drop materialized view {{ gold }}.mv_sentiment_trends;
drop materialized view {{ gold }}.mv_hourly_posting_patterns;
drop materialized view {{ gold }}.mv_hashtag_performance;
drop materialized view {{ gold }}.mv_account_influence_analysis;
drop materialized view {{ gold }}.mv_top_performing_content;
drop materialized view {{ gold }}.mv_daily_engagement_summary;
drop index {{ silver }}.ix_post_versions_edits;
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
