-- Tells the planner how much there is now; for the owner alone.
-- Grain: none. Rows in: what hangs on posts. Rows out: statistics.

analyze
{{ silver }}.account_identities,
{{ silver }}.dim_account,
{{ silver }}.dim_content,
{{ silver }}.fact_toot_engagement,
{{ silver }}.post_hashtags,
{{ silver }}.current_moods;
