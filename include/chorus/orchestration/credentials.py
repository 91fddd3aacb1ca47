"""Credentials that somebody gave Airflow instead of the environment: the connection `chorus_<source>`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.sdk import Connection

    from chorus.config import Settings


def with_credentials(settings: "Settings", source: str | None) -> "Settings":
    """The settings a source is read with. The environment wins: what `.env` says holds for the command line, too."""
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    from chorus.pipelines.sources import credentials_asked_by

    names = credentials_asked_by(source) if source else ()
    if not source or len(settings.credentials(source, names)) == len(names):
        return settings
    try:
        connection = BaseHook.get_connection(f"chorus_{source}")
    except AirflowNotFoundException:
        return settings
    given = {f"{source}.{name}": secret for name, secret in _in(connection, names).items()}
    known = settings.source_credentials or {}
    return settings.model_copy(update={"source_credentials": known | given})


def _in(connection: "Connection", names: tuple[str, ...]) -> dict[str, object]:
    """The password is the last of them, the login the first of several; the extras know any by its name."""
    from pydantic import SecretStr

    login = {names[0]: connection.login} if len(names) > 1 else {}
    given = {**connection.extra_dejson, **login, names[-1]: connection.password}
    return {name: SecretStr(str(given[name])) for name in names if given.get(name)}
