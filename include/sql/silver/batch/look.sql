-- Reads all observations of the posts that have none here yet. A boost is no post, so it is left where it is. A post
-- that names no author is by the one of its instance whose id is empty, as no account's is: nobody, who counts nowhere.
-- Grain: one observation. Rows in: touched. Rows out: all their observations in bronze, in the temp table looks.
insert into looks
select
    observed.observation_id,
    observed.uri,
    observed.raw_event_id,
    observed.observed_at,
    observed.source,
    observed.instance,
    observed.post_id,
    lower(split_part(split_part(observed.uri, '://', 2), '/', 1)) = observed.instance as is_origin,
    observed.is_deleted,
    observed.event_type <> 'deletion' as is_read,
    observed.created_at,
    observed.edited_at,
    observed.content_hash,
    coalesce(observed.account_uri, observed.source || '://' || observed.instance || '/@') as account_uri,
    coalesce(observed.account_id, '') as account_id,
    coalesce(observed.account_acct, '[unknown]') as acct,
    observed.in_reply_to_id,
    observed.replies_count,
    observed.reblogs_count,
    observed.favourites_count
from touched
inner join {{ bronze }}.post_observations as observed on touched.uri = observed.uri
where
    observed.event_type <> 'reblog'
    and not exists (select from looks where looks.uri = touched.uri)
