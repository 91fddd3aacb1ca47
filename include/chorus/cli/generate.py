"""`chorus generate`: the files that are written by the code, so that they cannot drift from it.

`.env.example` from the settings, `include/sql/catalogue.json` from a freshly migrated scratch server, and the tables
of `docs/data-model.md` from that. With --check nothing is written (the catalogue is checked by a test, since it takes
a server).
"""

from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from pydantic import SecretStr

from chorus import paths
from chorus.cli.env_example import example_text
from chorus.config import Settings
from chorus.domain.errors import ChorusError
from chorus.warehouse.catalogue import (
    Catalogue,
    expected_catalogue,
    read_catalogue,
    write_catalogue,
)
from chorus.warehouse.data_model import data_model_page


def generate(
    *,
    check: Annotated[
        bool, typer.Option(help="Write nothing; fail on what is out of date.")
    ] = False,
) -> None:
    """Write .env.example, the catalogue and docs/data-model.md."""
    if not check:
        write_catalogue(_fresh_catalogue())
    page = paths.ROOT / "docs" / "data-model.md"
    _write(paths.ROOT / ".env.example", example_text(), check=check)
    _write(page, data_model_page(page.read_text(), expected_catalogue()), check=check)


def _write(file: Path, text: str, *, check: bool) -> None:
    if not check:
        file.write_text(text)
    elif not file.exists() or file.read_text() != text:
        raise ChorusError(
            f"{file.relative_to(paths.ROOT)} is out of date; run `make generate`."
        )


def _fresh_catalogue() -> Catalogue:
    from chorus.stack.ports import LOOPBACK
    from chorus.stack.running_postgres import running_postgres
    from chorus.warehouse.bootstrap import bootstrap
    from chorus.warehouse.connection import connect
    from chorus.warehouse.migrations import migrate

    with (
        TemporaryDirectory() as folder,
        running_postgres(Path(folder), durable=False) as server,
    ):
        settings = Settings(
            _env_file=None,
            database_host=LOOPBACK,
            database_port=server.port,
            database_password=SecretStr(token_hex(16)),
            database_owner_password=SecretStr(token_hex(16)),
        )
        bootstrap(server.dsn(), settings)
        migrate(settings)
        with connect(settings) as connection:
            return read_catalogue(connection, settings)
