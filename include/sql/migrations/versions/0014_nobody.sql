-- Nobody is no account: what names no author (deleted ones of Reddit) is by the one of its instance whose id is empty,
-- which is there for the fact's key alone. It takes part in no thread, and is counted and ranked nowhere. Posts that
-- were loaded before are so once they are loaded again: chorus warehouse rebuild.

create or replace function {{ silver }}.counted_posts(visibilities text[]) returns table (
    content_key bigint,
    account_uri text,
    account_key bigint,
    source text,
    instance text,
    date_key integer,
    created_hour smallint,
    created_at timestamptz,
    language text,
    label text,
    mood double precision,
    replies bigint,
    reblogs bigint,
    favourites bigint,
    engagement bigint,
    hashtag_ids bigint[]
)
language sql stable
as $$
    select
        fact.content_key,
        case when account.account_id <> '' then (
            select min(known.account_uri collate "C")
            from {{ silver }}.account_identities as known
            where (known.source, known.instance, known.account_id)
                = (account.source, account.instance, account.account_id)
        ) end collate "default",
        fact.account_key,
        content.source,
        content.instance,
        fact.date_key,
        fact.created_hour,
        fact.created_at,
        content.language,
        mood.label,
        mood.mood,
        coalesce(fact.replies_count, 0),
        coalesce(fact.reblogs_count, 0),
        coalesce(fact.favourites_count, 0),
        fact.engagement_score,
        array(
            select tag.hashtag_id
            from {{ silver }}.post_hashtags as tag
            where tag.content_key = fact.content_key
            order by tag.hashtag_id
        )
    from {{ silver }}.fact_toot_engagement as fact
    inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
    inner join {{ silver }}.dim_account as account on fact.account_key = account.account_key
    left join {{ silver }}.current_moods as mood on fact.content_key = mood.content_key
    where fact.deleted_at is null and coalesce(content.visibility, 'public') = any(visibilities)
$$;

comment on column {{ silver }}.account_identities.account_id is 'its id there; empty for nobody';
comment on column {{ silver }}.dim_account.account_id
is 'its id there; empty for nobody, who wrote what names no author and is counted nowhere';
comment on column {{ silver }}.conversation_threads.participants
is 'accounts that wrote in it, the first one included; nobody is none';

-- down

create or replace function {{ silver }}.counted_posts(visibilities text[]) returns table (
    content_key bigint,
    account_uri text,
    account_key bigint,
    source text,
    instance text,
    date_key integer,
    created_hour smallint,
    created_at timestamptz,
    language text,
    label text,
    mood double precision,
    replies bigint,
    reblogs bigint,
    favourites bigint,
    engagement bigint,
    hashtag_ids bigint[]
)
language sql stable
as $$
    select
        fact.content_key,
        (
            select min(known.account_uri collate "C")
            from {{ silver }}.account_identities as known
            where (known.source, known.instance, known.account_id)
                = (account.source, account.instance, account.account_id)
        ) collate "default",
        fact.account_key,
        content.source,
        content.instance,
        fact.date_key,
        fact.created_hour,
        fact.created_at,
        content.language,
        mood.label,
        mood.mood,
        coalesce(fact.replies_count, 0),
        coalesce(fact.reblogs_count, 0),
        coalesce(fact.favourites_count, 0),
        fact.engagement_score,
        array(
            select tag.hashtag_id
            from {{ silver }}.post_hashtags as tag
            where tag.content_key = fact.content_key
            order by tag.hashtag_id
        )
    from {{ silver }}.fact_toot_engagement as fact
    inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
    inner join {{ silver }}.dim_account as account on fact.account_key = account.account_key
    left join {{ silver }}.current_moods as mood on fact.content_key = mood.content_key
    where fact.deleted_at is null and coalesce(content.visibility, 'public') = any(visibilities)
$$;

comment on column {{ silver }}.account_identities.account_id is 'its id there';
comment on column {{ silver }}.dim_account.account_id is 'its id there';
comment on column {{ silver }}.conversation_threads.participants
is 'accounts that wrote in it, the first one included';
