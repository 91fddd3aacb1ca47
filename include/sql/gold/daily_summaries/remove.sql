-- Takes back what was said of days on which nothing that counts is left.
-- Grain: one day on one instance. Rows in: daily_summaries of the %(days)s. Rows out: those that went.

delete from {{ gold }}.daily_summaries
where
    day = any(%(days)s::date[])
    and not exists (
        select 1
        from {{ gold }}.rollup_day
        where
            rollup_day.day = daily_summaries.day
            and rollup_day.source = daily_summaries.source
            and rollup_day.instance = daily_summaries.instance
    );
