-- What could not be taken in and still lies there, by the class of its error.
-- Grain: one class. Rows in: open letters. Rows out: one a class, the most frequent first.
select
    error_class,
    count(*) as letters
from {{ bronze }}.dead_letters
where
    replayed_at is null
    and discarded_at is null
group by error_class
order by letters desc, error_class asc
