-- What was said in some windows, by some sources or all, and how it sounds.
-- Grain: one window. Rows in: posts created in the windows that count. Rows out: one a window, in the order asked.
with windows as (
    select
        asked.place,
        asked.since,
        asked.until
    from unnest(%(since)s::timestamptz[], %(until)s::timestamptz[]) with ordinality as asked (since, until, place)
),

countable as (
    select
        windows.place,
        case
            when account.account_id <> '' then concat_ws(' ', account.source, account.instance, account.account_id)
        end as account,
        moods.label,
        moods.mood
    from windows
    inner join {{ silver }}.fact_toot_engagement as fact
        on windows.since <= fact.created_at and windows.until > fact.created_at
    inner join {{ silver }}.dim_content as content on fact.content_key = content.content_key
    inner join {{ silver }}.dim_account as account on fact.account_key = account.account_key
    left join {{ silver }}.current_moods as moods on fact.content_key = moods.content_key
    where
        fact.deleted_at is null
        and content.visibility = any(%(visibilities)s::text[])
        and (%(sources)s::text[] is null or content.source = any(%(sources)s::text[]))
)

select
    count(countable.place) as posts,
    count(distinct countable.account) as accounts,
    count(*) filter (where countable.label = 'negative') as negative,
    count(*) filter (where countable.label = 'neutral') as neutral,
    count(*) filter (where countable.label = 'positive') as positive,
    avg(countable.mood) as mean
from windows
left join countable on windows.place = countable.place
group by windows.place
order by windows.place
