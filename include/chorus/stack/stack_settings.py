"""The settings of a stack: what the person chose, and for the rest what this start makes up."""

import socket
from collections.abc import Mapping
from pathlib import Path

from chorus.config import DOT_ENV, Settings, read_settings
from chorus.domain.errors import ConfigurationError
from chorus.pipelines.extract import configured_targets
from chorus.sentiment.active import active_models
from chorus.stack.databases import AIRFLOW
from chorus.stack.demo_network import brings_its_own_mood
from chorus.stack.generated_secrets import secret, write_private
from chorus.stack.ports import LOOPBACK
from chorus.stack.postgres import SUPERUSER
from chorus.warehouse.connection import require_address

PASSWORDS = {
    "database_password": "warehouse_loader",
    "database_owner_password": "warehouse_owner",
    "database_reader_password": "warehouse_reader",
    "database_monitor_password": "warehouse_monitor",
    "pseudonym_secret": "pseudonym_secret",
}
PERSONS_OWN = {"database_url", "database_host", "database_port"}
# Its administrator, the databases it comes with, and where Airflow keeps its own.
SERVERS_OWN = {SUPERUSER, "template0", "template1", AIRFLOW}
INSIST_ON_TLS = {"require", "verify-ca", "verify-full"}


def persons_settings() -> Settings:
    """From the environment and `.env` alone: not what an earlier start of ours left."""
    settings = read_settings(_env_file=DOT_ENV)
    if settings.database_sslmode in INSIST_ON_TLS and not names_a_warehouse(settings):
        raise ConfigurationError(
            f"DATABASE_SSLMODE={settings.database_sslmode} asks for TLS, which the embedded PostgreSQL on loopback "
            "does not speak: unset it, or name a server of your own with DATABASE_URL or DATABASE_HOST."
        )
    if not names_a_warehouse(settings):
        for name in ("database_name", "database_user", "database_owner_user"):
            if getattr(settings, name) in SERVERS_OWN:
                raise ConfigurationError(
                    f"{name.upper()} is {getattr(settings, name)}, which the embedded PostgreSQL has in use itself: "
                    f"choose another name, or leave it out ({Settings.model_fields[name].default})."
                )
    require_address(settings)
    _require_metrics(settings)
    # Read by tasks, but a wrong name or file is said now and not by a red task later.
    models = active_models(settings)
    if not settings.uses_demo_network:
        configured_targets(settings)
    if not brings_its_own_mood(settings):
        for model in models:
            model.require_files()
    return settings


def _require_metrics(settings: Settings) -> None:
    """The exporter starts last, and what it cannot do is said before anything starts."""
    if settings.metrics_port == 0:
        return
    family = socket.AF_INET6 if ":" in settings.metrics_host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((settings.metrics_host, 0))
    except OSError as error:
        raise ConfigurationError(
            f"METRICS_HOST is {settings.metrics_host}, which this machine does not listen on ({error.strerror}): "
            "leave it out, or name an address of this machine."
        ) from None
    file = settings.metrics_token_file
    try:
        if file is not None and not file.read_text(encoding="ascii").strip():
            raise ConfigurationError(f"METRICS_TOKEN_FILE is wrong: {file} is empty.")
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            f"METRICS_TOKEN_FILE is wrong: {file} cannot be read as a token: it must be plain ASCII, and yours to read."
        ) from None


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
    """For `chorus ...` beside the running stack; `chorus.config` reads it after everything else."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"{name}='{_quoted(value)}'\n" for name, value in variables.items())
    write_private(file, "".join(lines))


def _quoted(value: str) -> str:
    """For python-dotenv, which unescapes and then fills in ${...} even between single quotes."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    # No variable has no name, so what is filled in is the default: a $ that begins nothing.
    return escaped.replace("${", "${:-$}{")
