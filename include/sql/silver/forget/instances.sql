-- The hosts that a forgotten account was read from, as everybody else left them; one that nobody else was read from
-- goes. Grain: one host. Rows in: forgotten_accounts, forgotten_posts. Every observation is read.
merge into {{ silver }}.instances as known
using (
    with hosts as (
        select
            source,
            instance
        from forgotten_accounts
        union
        select
            source,
            instance
        from forgotten_posts
    )

    select
        hosts.source,
        hosts.instance,
        others.first_seen_at,
        others.last_seen_at
    from hosts
    left join (  -- noqa: ST05
        select
            source,
            instance,
            min(observed_at) as first_seen_at,
            max(observed_at) as last_seen_at
        from (
            select
                source,
                instance,
                observed_at
            from {{ bronze }}.post_observations
            where event_type not in ('reblog', 'deletion')
            union all
            select
                source,
                instance,
                observed_at
            from {{ bronze }}.account_observations
        ) as looks
        where (source, instance) in (
            select
                hosts.source,
                hosts.instance
            from hosts
        )
        group by source, instance
    ) as others on hosts.source = others.source and hosts.instance = others.instance
) as host on known.source = host.source and known.instance = host.instance
when matched and host.first_seen_at is null then delete
when matched then
    update
        set
            created_at = host.first_seen_at,
            last_seen_at = host.last_seen_at
