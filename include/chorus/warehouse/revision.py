"""What a revision of Alembic does here: run the plain SQL file of the same name."""

from collections.abc import Callable
from pathlib import Path

from alembic import context, op

from chorus import paths
from chorus.warehouse.statements import render

DOWN = "\n-- down\n"


def steps_of(revision_file: str) -> tuple[Callable[[], None], Callable[[], None]]:
    """The way up and the way down of the revision whose Python file this is."""
    file = Path(revision_file).with_suffix(".sql").relative_to(paths.SQL).as_posix()

    def run(part: int) -> None:
        settings = context.config.attributes["settings"]
        text = render(file, settings).split(DOWN)[part]
        op.get_bind().connection.driver_connection.execute(text)  # type: ignore[union-attr]

    return (lambda: run(0)), (lambda: run(1))
