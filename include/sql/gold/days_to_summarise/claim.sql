-- Takes the days that are to be summed up out of the queue; whoever rolls back puts them back.
-- Grain: one mark. Rows in: the queue. Rows out: all of it.

delete from {{ gold }}.days_to_summarise
returning day;
