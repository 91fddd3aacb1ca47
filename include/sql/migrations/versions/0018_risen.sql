-- Who gained most in a span is found without reading what lies in it: each look bounds what its post can have gained in
-- any span that ends there, and the looks of each hour are kept in the order of that.

alter table {{ silver }}.post_metric_snapshots add column risen bigint not null default 0;
comment on column {{ silver }}.post_metric_snapshots.risen
is 'what all looks up to this one found gained, losses left out: no span that ends here can have gained more';

update {{ silver }}.post_metric_snapshots as snapshot
set risen = followed.risen
from (
    select
        content_key,
        captured_at,
        sum(greatest(gained, 0)) over (
            partition by content_key order by captured_at
        ) as risen
    from {{ silver }}.post_metric_snapshots
) as followed
where
    snapshot.content_key = followed.content_key
    and snapshot.captured_at = followed.captured_at
    and followed.risen > 0;

create index ix_post_metric_snapshots_risen on {{ silver }}.post_metric_snapshots (
    date_bin('1 hour', captured_at, 'epoch'), risen desc
) include (captured_at, content_key, gained)
where gained > 0;
comment on index {{ silver }}.ix_post_metric_snapshots_risen
is 'Serves gold/read/gain.sql: the looks of an hour that found anything gained, those first whose posts can have most.';
-- Thinning reads most of the table anyway.
drop index {{ silver }}.ix_post_metric_snapshots_captured_at;

-- down

create index ix_post_metric_snapshots_captured_at on {{ silver }}.post_metric_snapshots (captured_at);
comment on index {{ silver }}.ix_post_metric_snapshots_captured_at
is 'Serves thinning and gain per post over a recent window.';
drop index {{ silver }}.ix_post_metric_snapshots_risen;
alter table {{ silver }}.post_metric_snapshots drop column risen;
