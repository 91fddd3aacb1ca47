-- Posts of the last week that were edited within the hour, with both wordings.
-- Grain: one wording. Rows in: each %(every)s th post since %(since)s. Rows out: two each.

insert into {{ silver }}.post_versions (
    content_key, version_seq, valid_from, content_html, content_text, input_hash, edited_at
)
select
    content.content_key,
    wording.seq,
    content.created_at + wording.later,
    '<p>' || content.content_text || wording.more || '</p>',
    content.content_text || wording.more,
    sha256((content.uri || wording.more)::bytea),
    case when wording.seq > 1 then content.created_at + wording.later end
from {{ silver }}.fact_toot_engagement as fact
inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
cross join lateral (
    values (1, interval '0', ''), (2, (content.content_key %% 3600) * interval '1 second', ' after all')
) as wording (seq, later, more)
where fact.created_at > %(since)s and fact.content_key %% %(every)s = 0
on conflict (content_key, version_seq) do update
    set input_hash = excluded.input_hash;
