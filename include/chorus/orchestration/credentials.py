"""Credentials that somebody gave Airflow instead of the environment: the connection `chorus_reddit`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chorus.config import Settings

REDDIT_CONNECTION = "chorus_reddit"


def with_credentials(settings: "Settings", source: str | None) -> "Settings":
    """The settings a source is read with. The environment wins: what `.env` says holds for the command line, too."""
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException
    from pydantic import SecretStr

    named = settings.reddit_client_id and settings.reddit_client_secret
    if source != "reddit" or named:
        return settings
    try:
        given = BaseHook.get_connection(REDDIT_CONNECTION)
    except AirflowNotFoundException:
        return settings
    secret = SecretStr(given.password) if given.password else None
    return settings.model_copy(
        update={"reddit_client_id": given.login, "reddit_client_secret": secret}
    )
