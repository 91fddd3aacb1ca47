-- Adds this load to who used which hashtag.
-- Grain: one row per hashtag and account. Rows in: rollup_changes. Rows out: the pairs whose count moved.

insert into {{ gold }}.rollup_hashtag_account (hashtag_id, account_no, posts)
select
    tag.hashtag_id,
    rollup_changes.account_no,
    sum(rollup_changes.posts) as posts
from rollup_changes
cross join lateral unnest(rollup_changes.hashtag_ids) as tag (hashtag_id)
where rollup_changes.account_no is not null
group by tag.hashtag_id, rollup_changes.account_no
having sum(rollup_changes.posts) <> 0
order by tag.hashtag_id, rollup_changes.account_no
on conflict (hashtag_id, account_no) do update
    set posts = rollup_hashtag_account.posts + excluded.posts;
