-- Which models new posts are queued for, and room beside each post for its mood.

create table {{ bronze }}.active_models (
    model_key text not null,
    is_shown boolean not null,
    since timestamptz not null default now(),
    constraint pk_active_models primary key (model_key)
);
call {{ ops }}.describe(
    '{{ bronze }}.active_models',
    'A model that new posts are queued for. One that is switched on, be it again, gets what it has missed.',
    $$
model_key: the model, as posts_to_score names it
is_shown: whether its mood is the one shown with the posts
since: when it became so
$$
);

-- Whoever waits for a model that is active no longer is found by this.
insert into {{ bronze }}.active_models (model_key, is_shown)
select distinct
    posts_to_score.model_key,
    false as is_shown
from {{ bronze }}.posts_to_score;

comment on index {{ silver }}.ix_post_sentiments_cache
is 'Serves the score step: has this model read this text before (cached.sql)?';

-- A mood comes soon after its post: where it finds room on the same page, no index has to hear of it.
alter table {{ toots }} set (fillfactor = 50);

-- down

alter table {{ toots }} reset (fillfactor);
comment on index {{ silver }}.ix_post_sentiments_cache
is 'Serves the score step: has this model read anything before (is_known.sql), and this text (cached.sql)?';
drop table {{ bronze }}.active_models;
