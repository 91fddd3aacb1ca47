-- Lets the new silver read what it is a function of: the observations, through views, and the predictions, which it is
-- to keep. A script, run as one transaction. Rows in and out: none.

drop table
{{ bronze }}_rebuild.post_observations,
{{ bronze }}_rebuild.account_observations,
{{ silver }}_rebuild.post_sentiments
cascade;

create view {{ bronze }}_rebuild.post_observations as
select * from {{ bronze }}.post_observations;

create view {{ bronze }}_rebuild.account_observations as
select * from {{ bronze }}.account_observations;

create view {{ silver }}_rebuild.post_sentiments as
select * from {{ silver }}.post_sentiments;
