"""Every setting, read once, at the edge: the environment, then `.env`, then what `make run` left in `.run/`.

A file here is a paragraph of `.env.example`, which is generated from them (`make generate`), so a description there is
what people read.
"""

from collections.abc import Iterable
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from unicodedata import category

from dotenv.parser import parse_stream
from pydantic import ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chorus import paths
from chorus.config.alerts import Alerts
from chorus.config.keeping import Keeping
from chorus.config.listening import Listening
from chorus.config.mood import Mood
from chorus.config.stack import Stack
from chorus.config.warehouse import Warehouse
from chorus.domain.errors import ConfigurationError

# What pydantic says for programmers.
PLAINLY = {"missing": "it has too few parts", "too_short": "it is too short"}
UNSEEN = {"Cc", "Cs"}  # control characters, and what bytes beyond UTF-8 become
RUN_ENV = paths.ROOT / ".run" / "chorus.env"
DOT_ENV = paths.ROOT / ".env"


# The last of them comes first in `.env.example`.
class Settings(Stack, Keeping, Warehouse, Alerts, Mood, Listening, BaseSettings):
    """What a person may change. Frozen: nothing changes its mind while it runs."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        env_file=(RUN_ENV, DOT_ENV),
        env_file_encoding="utf-8",
        hide_input_in_errors=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _of_letters_that_are_seen(cls, given: dict[str, Any]) -> dict[str, Any]:
        """A line break that was copied along would be part of a password, and nobody would find it."""
        for name, value in given.items():
            if isinstance(value, str) and any(category(one) in UNSEEN for one in value):
                raise ValueError(
                    f"{name.upper()} is wrong: it holds a line break, a tab or something that is not UTF-8; write it anew"
                )
        return given

    def at(self, url: str) -> "Settings":
        """The same settings for the warehouse at another address."""
        return read_settings(**{**self.model_dump(), "database_url": url})


def read_settings(**overrides: Any) -> Settings:
    """Read the settings now; say in one sentence a variable what is wrong and what would be right."""
    _require_readable(overrides.get("_env_file", Settings.model_config["env_file"]))
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise ConfigurationError(
            "; ".join(_sentence(flaw) for flaw in error.errors())
        ) from None


def _require_readable(files: Path | Iterable[Path] | None) -> None:
    """python-dotenv passes over a line that it cannot read, and what somebody set there would not hold."""
    for file in (files,) if isinstance(files, Path) else files or ():
        if not file.is_file():
            continue
        try:
            lines = list(parse_stream(StringIO(file.read_text(encoding="utf-8-sig"))))
        except UnicodeDecodeError:
            raise ConfigurationError(f"{file} is not UTF-8: save it as that.") from None
        for line in lines:
            if line.error or (line.key is not None and line.value is None):
                raise ConfigurationError(
                    f"{file} is wrong at line {line.original.line}: "
                    "write NAME=value there, with every quote closed, or a # before it."
                )


@cache
def load_settings() -> Settings:
    """The settings of this process."""
    return read_settings()


def _sentence(flaw: Any) -> str:
    problem = PLAINLY.get(flaw["type"], flaw["msg"].removeprefix("Value error, "))
    if not flaw["loc"]:
        return f"{problem}."
    name = str(flaw["loc"][0])
    description = (
        Settings.model_fields[name].description if name in Settings.model_fields else ""
    )
    return f"{name.upper()} is wrong: {problem[0].lower()}{problem[1:]}. {description}"
