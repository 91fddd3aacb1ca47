"""docs/dags.md: what the DAG files say of themselves, in one place. `--check` fails where it is out of date."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from chorus import paths

DAGS = paths.ROOT / "dags"
PAGE = paths.ROOT / "docs" / "dags.md"
HEAD = """# DAGs

Generated from `dags/` by `make generate`; the same text stands on each DAG's page in the UI.
"""


def write_page(page: Path = PAGE) -> None:
    page.write_text(render_page(), encoding="utf-8")


def is_current(page: Path = PAGE) -> bool:
    return page.is_file() and page.read_text(encoding="utf-8") == render_page()


def render_page(dags: Path = DAGS) -> str:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dags)
    if bag.import_errors:
        raise ImportError("; ".join(bag.import_errors.values()))
    in_flow = sorted(bag.dags.values(), key=lambda dag: (_layer(dag.dag_id), dag.dag_id))
    return "\n".join([HEAD, *map(_section, in_flow)])


def _layer(dag_id: str) -> int:
    """Down the flow: bronze, silver, gold, who tells of it, who looks after it."""
    kinds = ["bronze", "silver", "gold", "notify", "ops"]
    return kinds.index(dag_id.partition("_")[0])


def _section(dag: Any) -> str:
    heading, _, text = dag.doc_md.partition("\n")
    pools = sorted({task.pool for task in dag.tasks} - {"default_pool"})
    [deadline] = dag.deadline
    facts = [
        ("DAG", f"`{dag.dag_id}`"),
        ("Schedule", _schedule(dag)),
        ("Tasks", " → ".join(f"`{task.task_id}`" for task in dag.topological_sort())),
        ("Runs at once", str(dag.max_active_runs)),
        ("Pools", ", ".join(f"`{pool}`" for pool in pools)),
        ("Late after", str(deadline.interval)),
        ("Tags", ", ".join(sorted(dag.tags))),
    ]
    rows = [f"| {name} | {fact} |" for name, fact in facts]
    table = "\n".join(["| | |", "|---|---|", *rows])
    return f"#{heading}\n{text.rstrip()}\n\n{table}\n{_params(dag)}"


def _schedule(dag: Any) -> str:
    woken_by = [f"`{name}`" for name in _assets(dag.timetable.asset_condition)]
    clock = getattr(dag.timetable, "timetable", dag.timetable)
    on_time = [f"`{clock.expression}` UTC"] if hasattr(clock, "expression") else []
    return " or ".join(woken_by + on_time)


def _assets(condition: Any) -> list[str]:
    if condition is None:
        return []
    parts = getattr(condition, "objects", None)
    return [name for part in parts for name in _assets(part)] if parts else [condition.name]


def _params(dag: Any) -> str:
    params = [(name, dag.params.get_param(name)) for name in dag.params]
    rows = [f"| `{name}` | {param.schema['description_md']} |" for name, param in params]
    return "\n".join(["", "| Param | |", "|---|---|", *rows, ""]) if rows else ""


def main() -> None:
    # Airflow makes itself a home where it is imported; not in the home of whoever writes documentation.
    with tempfile.TemporaryDirectory() as home:
        os.environ["AIRFLOW_HOME"] = home
        os.environ["AIRFLOW__LOGGING__LOGGING_LEVEL"] = "WARNING"
        if "--check" not in sys.argv[1:]:
            write_page()
        elif not is_current():
            sys.exit("docs/dags.md is not what dags/ say; run `make generate`.")


if __name__ == "__main__":
    main()
