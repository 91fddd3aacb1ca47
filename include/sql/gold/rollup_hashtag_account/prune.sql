-- Lets go of those who used a hashtag in nothing that still counts.
-- Grain: one row per hashtag and account. Rows in: rollup_changes. Rows out: the pairs that went.

delete from {{ gold }}.rollup_hashtag_account
using (
    select
        tag.hashtag_id,
        rollup_changes.account_no
    from rollup_changes
    cross join lateral unnest(rollup_changes.hashtag_ids) as tag (hashtag_id)
    group by tag.hashtag_id, rollup_changes.account_no
    having sum(rollup_changes.posts) < 0
) as fewer
where
    rollup_hashtag_account.hashtag_id = fewer.hashtag_id
    and rollup_hashtag_account.account_no = fewer.account_no
    and rollup_hashtag_account.posts = 0;
