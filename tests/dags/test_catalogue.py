"""docs/dags.md is what the DAG files say of themselves."""

from chorus.orchestration.catalogue import is_current, render_page, write_page


def test_the_page_in_the_repository_is_current():
    assert is_current()


def test_a_page_that_somebody_changed_is_not(tmp_path):
    page = tmp_path / "dags.md"
    assert not is_current(page)
    write_page(page)
    assert is_current(page)
    page.write_text(page.read_text() + "by hand")
    assert not is_current(page)


def test_it_says_of_each_dag_what_wakes_it_and_what_it_asks():
    page = render_page()
    assert "`silver.fact_toot_engagement` or `35 */6 * * *` UTC" in page
    assert "| `hashtags` | These hashtags instead" in page
    order = [page.index(f"| DAG | `{dag}` |") for dag in ("bronze_mastodon", "silver_star")]
    assert order == sorted(order)
