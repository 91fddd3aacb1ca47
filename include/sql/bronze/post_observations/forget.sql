-- Removes every look at the posts of a forgotten account, its boosts and the boosts of its posts.
-- Grain: one observation. Rows in: forgotten_posts, forgotten_accounts.
delete from {{ bronze }}.post_observations as observed
where
    exists (
        select from forgotten_posts as post
        where
            observed.uri = post.uri
            or observed.reblog_of_uri = post.uri
            or (observed.source, observed.instance, observed.post_id) = (post.source, post.instance, post.post_id)
    )
    or exists (
        select from forgotten_accounts as account
        where
            observed.account_uri = account.account_uri
            or (observed.source, observed.instance, observed.account_id)
            = (account.source, account.instance, account.account_id)
    )
