-- Where the reading of a target stopped, in the same run and for the same window. Grain: one row, or none.
select
    progress.cursor,
    progress.pages,
    progress.counts
from {{ ops }}.reading_progress as progress
where
    progress.pipeline_run_id = %(pipeline_run_id)s
    and progress.target = %(target)s
    and progress.reads_since = %(since)s
    and progress.reads_until = %(until)s
