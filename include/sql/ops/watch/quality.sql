-- How good the last run of each source was, and which of its measures did not pass.
-- Grain: one source. Rows in: what was measured within a week. Rows out: one a source.
with last_scores as (
    select distinct on (runs.source)
        runs.source,
        runs.pipeline_run_id,
        score.value
    from {{ ops }}.quality_results as score
    inner join {{ bronze }}.pipeline_runs as runs on score.pipeline_run_id = runs.pipeline_run_id
    where
        score.measure = 'score'
        and score.measured_at > now() - interval '7 days'
        and runs.source is not null
    order by runs.source asc, score.measured_at desc
)

select
    last_scores.source,
    last_scores.pipeline_run_id,
    last_scores.value as score,
    (
        select string_agg(measures.measure, ', ' order by measures.measure)
        from {{ ops }}.quality_results as measures
        where
            measures.pipeline_run_id = last_scores.pipeline_run_id
            and measures.measure <> 'score'
            and not measures.passed
    ) as broken
from last_scores
order by last_scores.source
