-- The days of an account lie all over the table, one beside each other account of that day; in the key they lie
-- together, and with what they count there, the influence view reads nothing else.

alter table {{ gold }}.rollup_account_day
drop constraint pk_rollup_account_day,
add constraint pk_rollup_account_day primary key (account_no, day, source, instance) include (posts, engagement);

-- down

alter table {{ gold }}.rollup_account_day
drop constraint pk_rollup_account_day,
add constraint pk_rollup_account_day primary key (account_no, day, source, instance);
