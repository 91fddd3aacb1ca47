"""Posts in silver: what of many looks at one post is believed."""

from tests.sql.silver.conftest import Look


def test_a_post_is_one_row_and_one_fact(silver):
    silver.load(Look(counts=(1, 2, 3)))
    assert silver.rows(
        "select source, instance, post_id, content_text from dim_facts.dim_content"
    ) == [("mastodon", "home.example", "h1", "hello")]
