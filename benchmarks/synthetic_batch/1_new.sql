-- New posts of the last two days, each seen within ten minutes, as transform would have observed them.
-- Grain: one look at one post. Rows in: %(new)s. Rows out: as many.

insert into {{ bronze }}.post_observations (
    raw_event_id, observed_at, source, source_id, instance, post_id, uri, url, event_type, created_at, account_uri,
    account_id, account_acct, content_html, content_text, content_hash, input_hash, language, visibility, is_sensitive,
    spoiler_text, is_reply, replies_count, reblogs_count, favourites_count, media_count, media_types, content_length,
    word_count, tags, pipeline_run_id
)
select
    uuidv4(),
    drawn.created_at + interval '10 minutes' * random(),
    author.source,
    author.instance,
    author.instance,
    %(name)s || drawn.n,
    'https://' || author.instance || '/posts/' || %(name)s || drawn.n,
    'https://' || author.instance || '/posts/' || %(name)s || drawn.n,
    'status',
    drawn.created_at,
    author.account_uri,
    author.account_id,
    author.acct,
    '<p>' || repeat('words of post ', 1 + (drawn.n %% 12)::integer) || drawn.n || '</p>',
    repeat('words of post ', 1 + (drawn.n %% 12)::integer) || drawn.n,
    sha256((%(name)s || drawn.n)::bytea),
    sha256((%(name)s || drawn.n)::bytea),
    (array['en', 'en', 'en', 'de', 'fr', 'ja', null])[1 + drawn.n %% 7],
    'public',
    false,
    '',
    false,
    floor(10 * random() ^ 4)::bigint,
    floor(30 * random() ^ 4)::bigint,
    floor(90 * random() ^ 4)::bigint,
    0,
    '{}',
    14 * (1 + drawn.n %% 12),
    3 * (1 + drawn.n %% 12),
    coalesce(tags.list, '[]'),
    'cli/' || %(name)s
from (
    select
        n,
        1 + floor(%(accounts)s * random() ^ 3)::bigint as account,
        %(until)s::timestamptz - interval '2 days' * random() as created_at
    from generate_series(1, %(new)s) as n
) as drawn
inner join {{ silver }}.account_identities as author on author.account_id = drawn.account::text
left join lateral (
    select jsonb_agg(jsonb_build_object('name', name, 'shown', name)) as list
    from (
        select distinct 'tag' || (1 + floor(%(hashtags)s * random() ^ 4)::bigint) as name
        from generate_series(1, drawn.n %% 5)
    ) as names
) as tags on true;
