-- What every post that may have gained, lost or changed its parent answers now: the posts of the batch, and orphans
-- that one of them may adopt. An answer is younger than what it answers; a link that says otherwise is none, so that
-- no thread ever bites its tail.
-- Grain: one post. Rows in: posts, post_sightings. Rows out: those whose parent is another than was known.
create temp table thread_moves on commit drop as
with candidates as (
    select content_key
    from posts
    union
    select answers.content_key
    from posts
    inner join {{ silver }}.post_sightings as place on posts.content_key = place.content_key
    inner join {{ silver }}.post_sightings as answers
        on
            place.source = answers.source
            and place.instance = answers.instance
            and place.post_id = answers.in_reply_to_id
),

parents as (
    select distinct on (child.content_key)
        child.content_key,
        parent.content_key as parent_key
    from candidates
    inner join {{ silver }}.dim_content as child on candidates.content_key = child.content_key
    inner join {{ silver }}.post_sightings as answer on child.content_key = answer.content_key
    inner join {{ silver }}.post_sightings as place
        on
            answer.source = place.source
            and answer.instance = place.instance
            and answer.in_reply_to_id = place.post_id
    inner join {{ silver }}.dim_content as parent on place.content_key = parent.content_key
    where (parent.created_at, parent.uri collate "C") < (child.created_at, child.uri collate "C")
    order by child.content_key, parent.uri collate "C"
)

select
    candidates.content_key,
    parents.parent_key,
    known.root_key as old_root_key
from candidates
left join parents on candidates.content_key = parents.content_key
left join {{ silver }}.thread_replies as known on candidates.content_key = known.content_key
where parents.parent_key is distinct from known.parent_key
