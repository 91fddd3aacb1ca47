"""The SQL files under include/sql: Jinja fills in names of schemas and tables, psycopg binds every value."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chorus import paths
from chorus.config import Settings, load_settings


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(paths.SQL),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - SQL, not HTML; and no value of a post ever gets here
        keep_trailing_newline=True,
    )


def render(file: str, settings: Settings | None = None, **structure: object) -> str:
    """The text of one SQL file, with the schemas under their configured names."""
    names = (settings or load_settings()).schemas
    return _environment().get_template(file).render({**names, **structure})
