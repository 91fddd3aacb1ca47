"""docs/add-a-source.md, followed: its DAG has the four tasks."""

import re

from chorus import paths

PAGE = paths.ROOT / "docs" / "add-a-source.md"


def test_the_dag_of_the_page_parses_once_its_three_lines_are_there(monkeypatch):
    from chorus.orchestration import assets, pools

    [_, dag] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    monkeypatch.setattr(pools, "HACKERNEWS", pools.REDDIT, raising=False)
    asset = assets.table("bronze", "post_observations", "hackernews")
    monkeypatch.setattr(assets, "BRONZE_HACKERNEWS", asset, raising=False)
    names = {"__name__": "bronze_hackernews", "__doc__": dag.split('"""')[1]}
    exec(compile(dag, "bronze_hackernews.py", "exec"), names)
    assert set(names["bronze_hackernews"]().task_ids) == {
        "list_targets",
        "extract",
        "transform",
        "score",
        "load",
    }
