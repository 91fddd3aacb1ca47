-- Ops: what the pipeline remembers about itself.

create table {{ ops }}.quality_results (
    pipeline_run_id text not null,
    measure text not null,
    value double precision not null,
    threshold double precision,
    passed boolean,
    rows_checked bigint not null,
    rows_failed bigint not null,
    measured_at timestamptz not null default now(),
    constraint pk_quality_results primary key (pipeline_run_id, measure)
);
create index ix_quality_results_measured_at on {{ ops }}.quality_results (measure, measured_at);
comment on index {{ ops }}.ix_quality_results_measured_at is 'Serves watching quality: one measure over time.';
call {{ ops }}.describe('{{ ops }}.quality_results', 'One measure of quality of one run.', $$
pipeline_run_id: the run
measure: completeness, uniqueness, validity, consistency, score, or a rule's name
value: a share from 0 to 1, or the score from 0 to 100
threshold: what it should at least be, where there is one
passed: whether it is
rows_checked: rows looked at
rows_failed: rows that broke the rule
measured_at: when
$$);

create table {{ ops }}.source_state (
    source text not null,
    instance text not null,
    software text,
    software_seen_at timestamptz,
    breaker text not null default 'closed',
    failures_in_a_row integer not null default 0,
    opened_at timestamptz,
    last_error text,
    rate_limit integer,
    rate_remaining integer,
    rate_reset_at timestamptz,
    next_request_at timestamptz,
    last_success_at timestamptz,
    requests bigint not null default 0,
    request_seconds double precision not null default 0,
    updated_at timestamptz not null default now(),
    constraint pk_source_state primary key (source, instance)
);
call {{ ops }}.describe(
    '{{ ops }}.source_state', 'What all tasks know together about one instance: its breaker and its rate budget.', $$
source: the platform
instance: the host
software: what it says it runs
software_seen_at: when it last said so, or would not
breaker: closed, open or half-open
failures_in_a_row: since the last success
opened_at: when the breaker last opened
last_error: the last failure's sentence
rate_limit: requests it allows per window
rate_remaining: how many of these are left
rate_reset_at: when the window starts over
next_request_at: when the next request is due, so that tasks share the budget evenly
last_success_at: when it last answered well
requests: how many requests it was sent, ever
request_seconds: how long these took, all together
updated_at: when this row was last written
$$
);

create table {{ ops }}.reading_progress (
    pipeline_run_id text not null,
    target text not null,
    reads_since timestamptz not null,
    reads_until timestamptz not null,
    cursor jsonb not null,
    pages integer not null,
    counts jsonb not null,
    saved_at timestamptz not null default now(),
    constraint pk_reading_progress primary key (pipeline_run_id, target)
);
call {{ ops }}.describe(
    '{{ ops }}.reading_progress',
    'Where the reading of one target stopped, so that a retry reads only the rest; gone once it is done.',
    $$
pipeline_run_id: the run
target: the target, as its step is named
reads_since: start of the window it reads
reads_until: end of it, exclusive
cursor: what the next page is asked with
pages: pages read and kept so far
counts: what they held
saved_at: when the last of them was kept
$$
);

create table {{ ops }}.notifications_sent (
    channel text not null,
    kind text not null,
    subject text not null,
    sent_at timestamptz not null default now(),
    pipeline_run_id text,
    digest bytea,
    well_at timestamptz,
    constraint pk_notifications_sent primary key (channel, kind, subject)
);
create index ix_notifications_sent_at on {{ ops }}.notifications_sent (channel, sent_at);
comment on index {{ ops }}.ix_notifications_sent_at is 'Serves limiting alerts: what was said lately.';
call {{ ops }}.describe(
    '{{ ops }}.notifications_sent', 'One thing that was said to people, so that a rerun says nothing twice.', $$
channel: discord, mail, webhook
kind: summary, most_positive, most_negative, deadline, failure, ...
subject: what it was about: a window, a run, a rule
sent_at: when
pipeline_run_id: the run that said it
digest: SHA-256 of what was said, where it was trouble
well_at: when people were told that it is well again
$$
);

create table {{ ops }}.job_endings (
    id bigint generated always as identity,
    pipeline_run_id text not null,
    dag_id text not null,
    source text,
    state text not null,
    started_at timestamptz not null,
    ended_at timestamptz not null default clock_timestamp(),
    counts jsonb not null default '{}',
    constraint pk_job_endings primary key (id)
);
create index ix_job_endings_ended_at on {{ ops }}.job_endings (ended_at);
comment on index {{ ops }}.ix_job_endings_ended_at is 'Serves ops/slo/measure.sql: what ended within thirty days.';
create index ix_job_endings_run on {{ ops }}.job_endings (pipeline_run_id);
comment on index {{ ops }}.ix_job_endings_run
is 'Serves bronze/pipeline_runs/close.sql: what of a run that was cleared had ended before.';
call {{ ops }}.describe(
    '{{ ops }}.job_endings',
    'One ending of one run, also of one that was cleared and ended again. Append-only, so that counters only grow.',
    $$
id: order of ending
pipeline_run_id: the run
dag_id: its DAG, or cli
source: the platform it read
state: success, partial or failed, that time
started_at: when the first of the steps began that were done that time
ended_at: when it was closed
counts: what these steps counted, added up
$$
);

create table {{ ops }}.watch_state (
    rule text not null,
    is_well boolean not null,
    sentence text not null,
    since timestamptz not null default now(),
    looked_at timestamptz not null default now(),
    constraint pk_watch_state primary key (rule)
);
call {{ ops }}.describe('{{ ops }}.watch_state', 'What ops_watch found when it last looked, a row for each rule.', $$
rule: the rule, as docs/operations.md lists them
is_well: whether nothing is wrong
sentence: what was found
since: since when it is well, or is not
looked_at: when it was last looked at
$$);

create table {{ ops }}.erasures (
    id bigint generated always as identity,
    requested_at timestamptz not null default now(),
    source text not null,
    instance text not null,
    account_digest bytea not null,
    digests bytea[] not null,
    rows_removed jsonb not null default '{}',
    finished_at timestamptz,
    constraint pk_erasures primary key (id),
    constraint uq_erasures_account unique (source, instance, account_digest)
);
comment on index {{ ops }}.uq_erasures_account
is 'Serves ops/erasures/write.sql: the same account again is the same erasure.';
call {{ ops }}.describe('{{ ops }}.erasures', 'What was forgotten on request, without what it said.', $$
id: surrogate key
requested_at: when it was asked for
source: the platform
instance: the host
account_digest: keyed hash of the account, so that it can be kept out without being named
digests: keyed hashes of all names it had here: addresses, handles, ids
rows_removed: how many rows went, by table
finished_at: when it was done
$$);

-- down

drop table {{ ops }}.watch_state;
drop table {{ ops }}.job_endings;
drop table {{ ops }}.erasures;
drop table {{ ops }}.notifications_sent;
drop table {{ ops }}.reading_progress;
drop table {{ ops }}.source_state;
drop table {{ ops }}.quality_results;
