"""The settings of a stack: what the person chose, and for the rest what this start makes up."""

from collections.abc import Mapping
from pathlib import Path

from chorus.config import DOT_ENV, Settings, read_settings
from chorus.stack.generated_secrets import secret, write_private
from chorus.stack.ports import LOOPBACK

PASSWORDS = {
    "database_password": "warehouse_loader",
    "database_owner_password": "warehouse_owner",
    "database_reader_password": "warehouse_reader",
    "database_monitor_password": "warehouse_monitor",
}
PERSONS_OWN = {"database_url", "database_host"}


def persons_settings() -> Settings:
    """From the environment and `.env` alone: not what an earlier start of ours left."""
    return read_settings(_env_file=DOT_ENV)


def settings_with(variables: Mapping[str, str]) -> Settings:
    """The person's settings, and over them what this start decided."""
    return read_settings(
        _env_file=DOT_ENV, **{name.lower(): value for name, value in variables.items()}
    )


def names_a_warehouse(settings: Settings) -> bool:
    """Whether the person points at a PostgreSQL of their own."""
    return bool(PERSONS_OWN & settings.model_fields_set)


def embedded_variables(settings: Settings, port: int, secrets: Path) -> dict[str, str]:
    """DATABASE_* of the embedded server, with a password for every role that has none."""
    generated = {
        field.upper(): secret(secrets, name)
        for field, name in PASSWORDS.items()
        if getattr(settings, field) is None
    }
    return {"DATABASE_HOST": LOOPBACK, "DATABASE_PORT": str(port), **generated}


def remember(variables: Mapping[str, str], file: Path) -> None:
    """For `chorus ...` beside the running stack; `config.py` reads it after everything else."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_private(file, "".join(f"{name}='{value}'\n" for name, value in variables.items()))
