-- Who said the same words first is looked up by the beginning of their hash, which tells them apart as well: every new
-- post is written to a place of its own in that index, and it is a quarter as large.

drop index {{ silver }}.ix_dim_content_words;
create index ix_dim_content_words
on {{ silver }}.dim_content (substring(content_hash, 1, 8), created_at) where word_count > 0;
comment on index {{ silver }}.ix_dim_content_words
is 'Serves silver.post_duplicates: who said the same words first.';
create or replace view {{ silver }}.post_duplicates as
select
    again.content_key,
    earliest.content_key as first_content_key
from {{ silver }}.dim_content as again
cross join
    lateral (
        select said.content_key
        from {{ silver }}.dim_content as said
        where
            substring(said.content_hash, 1, 8) = substring(again.content_hash, 1, 8)
            and said.content_hash = again.content_hash
            and said.word_count > 0
        order by said.created_at, said.uri
        limit 1
    ) as earliest
where again.word_count > 0 and earliest.content_key <> again.content_key;

-- down

drop index {{ silver }}.ix_dim_content_words;
create index ix_dim_content_words on {{ silver }}.dim_content (content_hash, created_at, uri) where word_count > 0;
comment on index {{ silver }}.ix_dim_content_words
is 'Serves silver.post_duplicates: who said the same words first.';
create or replace view {{ silver }}.post_duplicates as
select
    again.content_key,
    earliest.content_key as first_content_key
from {{ silver }}.dim_content as again
cross join
    lateral (
        select said.content_key
        from {{ silver }}.dim_content as said
        where said.content_hash = again.content_hash and said.word_count > 0
        order by said.created_at, said.uri
        limit 1
    ) as earliest
where again.word_count > 0 and earliest.content_key <> again.content_key;
