-- Posts of the last week, looked at again in the last two days: most of them have gained, some have lost a tag, some are gone.
-- Grain: one look at one post. Rows in: %(again)s posts. Rows out: as many, at most.

insert into {{ bronze }}.post_observations (
    raw_event_id, observed_at, source, source_id, instance, post_id, uri, url, event_type, created_at, account_uri,
    account_id, account_acct, content_html, content_text, content_hash, input_hash, language, visibility, is_sensitive,
    spoiler_text, is_reply, replies_count, reblogs_count, favourites_count, media_count, media_types, content_length,
    word_count, tags, is_deleted, pipeline_run_id
)
select
    uuidv4(),
    greatest(fact.created_at + interval '1 hour', %(until)s::timestamptz - interval '2 days' * random()),
    content.source,
    content.instance,
    content.instance,
    content.post_id,
    content.uri,
    content.url,
    'status',
    content.created_at,
    author.account_uri,
    author.account_id,
    author.acct,
    '<p>' || content.content_text || '</p>',
    content.content_text,
    content.content_hash,
    content.content_hash,
    content.language,
    content.visibility,
    false,
    '',
    content.is_reply,
    coalesce(fact.replies_count, 0) + 1,
    fact.reblogs_count,
    coalesce(fact.favourites_count, 0) + floor(10 * random())::bigint,
    0,
    '{}',
    content.content_length,
    content.word_count,
    coalesce(tags.list, '[]'),
    fact.content_key %% 50 = 1,
    'cli/' || %(name)s
from {{ silver }}.fact_toot_engagement as fact
inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
inner join {{ silver }}.dim_account as version on fact.account_key = version.account_key
inner join {{ silver }}.account_identities as author
    on
        version.source = author.source
        and version.instance = author.instance
        and version.account_id = author.account_id
left join lateral (
    select jsonb_agg(jsonb_build_object('name', hashtags.name, 'shown', hashtags.shown)) as list
    from {{ silver }}.post_hashtags as carried
    inner join {{ silver }}.hashtags on carried.hashtag_id = hashtags.hashtag_id
    where carried.content_key = fact.content_key and (carried.content_key + carried.hashtag_id) %% 20 > 0
) as tags on true
where fact.created_at > %(until)s::timestamptz - interval '7 days'
order by fact.content_key %% 7919, fact.content_key
limit %(again)s;
