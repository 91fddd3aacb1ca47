-- The last score of each source.
-- Grain: one source. Rows in: what was measured within a week. Rows out: one a source.
select distinct on (runs.source)
    runs.source,
    score.value
from {{ ops }}.quality_results as score
inner join {{ bronze }}.pipeline_runs as runs on score.pipeline_run_id = runs.pipeline_run_id
where
    score.measure = 'score'
    and score.measured_at > now() - interval '7 days'
    and runs.source is not null
order by runs.source asc, score.measured_at desc
