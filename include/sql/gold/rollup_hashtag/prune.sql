-- Lets go of the hashtags that nothing that counts carries any longer.
-- Grain: one row per hashtag. Rows in: rollup_changes. Rows out: the hashtags that went.

delete from {{ gold }}.rollup_hashtag
where
    posts = 0
    and hashtag_id in (
        select tag.hashtag_id
        from rollup_changes
        cross join lateral unnest(rollup_changes.hashtag_ids) as tag (hashtag_id)
        where rollup_changes.posts < 0
    );
