-- The open dead letters that a person asks for; what is not asked for by is null.
-- Grain: one letter. Rows in: what is neither replayed nor discarded. Rows out: those chosen, oldest first.
select
    letter.id,
    letter.stage,
    letter.source,
    letter.instance,
    letter.event_type,
    letter.post_id,
    letter.error_class,
    letter.error,
    letter.tries,
    letter.created_at,
    letter.pipeline_run_id
from {{ bronze }}.dead_letters as letter
where
    letter.replayed_at is null
    and letter.discarded_at is null
    and (%(reason)s::text is null or letter.error_class = %(reason)s)
    and (%(stage)s::text is null or letter.stage = %(stage)s)
    and (%(source)s::text is null or letter.source = %(source)s)
    and (%(run)s::text is null or letter.pipeline_run_id = %(run)s)
    and (%(since)s::timestamptz is null or letter.created_at >= %(since)s)
    and (%(until)s::timestamptz is null or letter.created_at < %(until)s)
order by letter.id
