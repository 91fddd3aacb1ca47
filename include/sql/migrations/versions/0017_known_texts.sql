-- A text that was read before is found by its hash: that it is by the same model is asked of the one row it leads to.
-- The columns of the model stood before it, which are the same in nearly every row.

drop index {{ silver }}.ix_post_sentiments_cache;
create index ix_post_sentiments_cache on {{ silver }}.post_sentiments (
    input_hash, model, model_revision, backend, precision, preprocessing_version
);
comment on index {{ silver }}.ix_post_sentiments_cache
is 'Serves the score step: has this model read this text before (cached.sql)?';

-- down

drop index {{ silver }}.ix_post_sentiments_cache;
create index ix_post_sentiments_cache on {{ silver }}.post_sentiments (
    model, model_revision, backend, precision, preprocessing_version, input_hash
);
comment on index {{ silver }}.ix_post_sentiments_cache
is 'Serves the score step: has this model read this text before (cached.sql)?';
