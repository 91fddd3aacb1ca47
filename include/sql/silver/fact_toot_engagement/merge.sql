-- How each post is received, under the keys of its dimensions.
-- Grain: one post. Rows in: posts, moods. Rows out: one each; one that did not change is not written.
merge into {{ silver }}.fact_toot_engagement as fact
using (
    select
        posts.content_key,
        account.account_key,
        posts.created_at,
        posts.replies_count,
        posts.reblogs_count,
        posts.favourites_count,
        posts.engagement_score,
        posts.measured_at,
        posts.deleted_at,
        posts.pipeline_run_id,
        to_char(posts.created_at at time zone 'UTC', 'YYYYMMDD')::integer as date_key,
        extract(hour from posts.created_at at time zone 'UTC')::smallint as created_hour,
        coalesce(sentiment.sentiment_key, 0) as sentiment_key
    from posts
    left join {{ silver }}.account_identities as known on posts.account_uri = known.account_uri
    left join {{ silver }}.dim_account as account
        on
            known.source = account.source
            and known.instance = account.instance
            and known.account_id = account.account_id
            and posts.created_at >= account.valid_from
            and posts.created_at < account.valid_to
    left join moods on posts.content_key = moods.content_key
    left join {{ silver }}.dim_sentiment as sentiment
        on
            moods.label = sentiment.label
            and moods.confidence_band = sentiment.confidence_band
            and moods.model = sentiment.model
            and moods.model_revision = sentiment.model_revision
) as post on fact.content_key = post.content_key
when matched and (
    fact.account_key, fact.sentiment_key, fact.created_at, fact.replies_count, fact.reblogs_count,
    fact.favourites_count, fact.engagement_score, fact.measured_at, fact.deleted_at, fact.pipeline_run_id
) is distinct from (
    post.account_key, post.sentiment_key, post.created_at, post.replies_count, post.reblogs_count,
    post.favourites_count, post.engagement_score, post.measured_at, post.deleted_at, post.pipeline_run_id
) then
    update
        set
            account_key = post.account_key,
            date_key = post.date_key,
            sentiment_key = post.sentiment_key,
            created_hour = post.created_hour,
            created_at = post.created_at,
            replies_count = post.replies_count,
            reblogs_count = post.reblogs_count,
            favourites_count = post.favourites_count,
            engagement_score = post.engagement_score,
            measured_at = post.measured_at,
            deleted_at = post.deleted_at,
            pipeline_run_id = post.pipeline_run_id,
            loaded_at = now()
when not matched then insert (
    content_key, account_key, date_key, sentiment_key, created_hour, created_at, replies_count, reblogs_count,
    favourites_count, engagement_score, measured_at, deleted_at, pipeline_run_id, loaded_at
) values (
    post.content_key, post.account_key, post.date_key, post.sentiment_key, post.created_hour, post.created_at,
    post.replies_count, post.reblogs_count, post.favourites_count, post.engagement_score, post.measured_at,
    post.deleted_at, post.pipeline_run_id, now()
)
