-- Lets go of the posts that count no longer: deleted, or of another visibility.
-- Grain: one row per post. Rows in: rollup_changes. Rows out: the posts that went.

delete from {{ gold }}.rollup_post
using (
    select content_key
    from rollup_changes
    group by content_key
    having sum(posts) < 0
) as gone
where rollup_post.content_key = gone.content_key;
