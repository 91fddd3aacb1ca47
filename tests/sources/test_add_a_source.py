"""docs/add-a-source.md, followed: its file is taken from the page and reads recorded answers into silver."""

import re
from datetime import UTC, datetime

import pytest

import chorus.sources
from chorus import paths
from chorus.domain.targets import read_targets
from chorus.domain.window import Window
from chorus.pipelines import sources
from chorus.pipelines.extract import extract, list_targets
from chorus.pipelines.silver import load_silver
from chorus.pipelines.transform import transform_pending

PAGE = paths.ROOT / "docs" / "add-a-source.md"
WINDOW = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))


def hit(number, **more):
    at = datetime(2026, 3, 1, 12, number, tzinfo=UTC)
    return {
        "objectID": str(number),
        "created_at": at.isoformat(),
        "author": f"user{number % 3}",
    } | more


@pytest.fixture
def _followed(tmp_path, monkeypatch):
    """The file of the page lies where it says."""
    [source, *_] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "hackernews.py").write_text(source)
    monkeypatch.setattr(chorus.sources, "__path__", [*chorus.sources.__path__, str(tmp_path)])
    sources.find_source.cache_clear()
    yield
    sources.find_source.cache_clear()


@pytest.mark.usefixtures("_followed")
def test_the_file_of_the_page_reads_its_source_into_silver(
    warehouse, warehouse_settings, httpserver, tmp_path
):
    pages = [
        [hit(1, title="A story", points=7, num_comments=2)],
        [hit(2, comment_text="an answer", parent_id=1), {"objectID": "3", "author": "x"}],
    ]
    for hits in pages:
        httpserver.expect_oneshot_request("/api/v1/search_by_date").respond_with_json(
            {"hits": hits, "nbPages": len(pages)}
        )
    file = tmp_path / "targets.yaml"
    file.write_text(
        f"hackernews: [{{query: postgresql, base_url: '{httpserver.url_for('')}'}}]"
    )
    assert len(read_targets(file, sources.entry_of).all()) == 1
    settings = warehouse_settings.model_copy(update={"targets_file": file})

    [target] = list_targets(settings, "hackernews")
    counts = extract(warehouse, settings, target, WINDOW, "run/1")
    assert (counts["requests"], counts["rejected"]) == (2, 1)
    transform_pending(warehouse, settings, "run/1", [])
    load_silver(warehouse, settings, "run/1")

    rows = warehouse.execute(
        "select content_text, depth, replies_count, favourites_count from dim_facts.dim_content"
        " left join dim_facts.thread_replies using (content_key)"
        " inner join dim_facts.fact_toot_engagement using (content_key) order by post_id"
    ).fetchall()
    assert rows == [("A story", None, 2, 7), ("an answer", 1, None, None)]
    [letters] = warehouse.execute("select count(*) from bronze.dead_letters").fetchone()
    assert letters == 1
