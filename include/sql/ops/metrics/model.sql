-- How fast the model read in the last run that gave it something to read.
-- Grain: one source. Rows in: runs of a week. Rows out: one a source.
select distinct on (source)
    source,
    (scored - cache_hits) / nullif((durations ->> 'score')::double precision, 0) as posts_per_second
from {{ bronze }}.pipeline_runs
where
    started_at > now() - interval '7 days'
    and source is not null
    and scored > cache_hits
    and finished_at is not null
order by source asc, started_at desc
