-- Lets go of the accounts without a post that counts; by now no other rollup holds their numbers.
-- Grain: one row per account. Rows in: fact_changes. Rows out: the accounts that went.

delete from {{ gold }}.rollup_account
where
    posts = 0
    and account_uri in (select fact_changes.account_uri from fact_changes);
