-- The hosts that were read; what they run is filled in by who asks them.
-- Grain: one host. Rows in: seen, touched_accounts. Rows out: one each.
merge into {{ silver }}.instances as known
using (
    select
        source,
        instance,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from (
        select
            source,
            instance,
            first_seen_at,
            last_seen_at
        from seen
        union all
        select
            observed.source,
            observed.instance,
            observed.observed_at as first_seen_at,
            observed.observed_at as last_seen_at
        from touched_accounts
        inner join {{ bronze }}.account_observations as observed
            on touched_accounts.account_uri = observed.account_uri
    ) as sightings
    group by source, instance
) as host on known.source = host.source and known.instance = host.instance
when matched and (host.first_seen_at < known.created_at or host.last_seen_at > known.last_seen_at) then
    update
        set
            created_at = least(known.created_at, host.first_seen_at),
            last_seen_at = greatest(known.last_seen_at, host.last_seen_at)
when not matched then
    insert (source, instance, base_url, created_at, last_seen_at)
    values (
        host.source, host.instance, 'https://' || host.instance, host.first_seen_at, host.last_seen_at
    )
