"""What a setting can be, and what is said when it is not: the message reaches whoever wrote it into `.env`."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from chorus import paths

WEBHOOK = re.compile(
    r"(?P<api>https?://[^/?#\s]+/(?:[^?#\s]+/)?)(?P<endpoint>webhooks/[0-9]+/[A-Za-z0-9_-]+)/?"
)

_listed = BeforeValidator(
    lambda value: (
        tuple(item.strip() for item in value.split(",") if item.strip())
        if isinstance(value, str)
        else value
    )
)
Weight = Annotated[int, Field(ge=0, le=1000)]
Weights = Annotated[tuple[Weight, Weight, Weight], NoDecode, _listed]
Visibilities = Annotated[
    tuple[Literal["public", "unlisted", "private", "direct"], ...], NoDecode, _listed
]
Email = Annotated[str, Field(pattern=r"^[^@\s,]+@[^@\s,]+$")]
Emails = Annotated[tuple[Email, ...], NoDecode, _listed]
Channels = Annotated[tuple[Literal["mail", "webhook", "discord"], ...], NoDecode, _listed]


def webhook_parts(url: str) -> tuple[str, str]:
    """Where Discord's API is, and which webhook of it: what Airflow's provider wants apart."""
    parts = WEBHOOK.fullmatch(url)
    if parts is None:
        raise ValueError(
            "it must look like https://discord.com/api/webhooks/<id>/<token>, as Discord shows it under "
            "Integrations, Webhooks, with nothing after the token (no ?thread_id=: messages go to the channel)"
        )
    return parts["api"], parts["endpoint"]


def _webhook(secret: SecretStr) -> SecretStr:
    webhook_parts(secret.get_secret_value())
    return secret


def _http_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it must be a URL, as in https://mastodon.social")
    return text.rstrip("/")


def _file(path: Path) -> Path:
    whole = paths.ROOT / path
    if not whole.is_file():
        raise ValueError(f"there is no file {whole}")
    return whole


def _secret_url(secret: SecretStr) -> SecretStr:
    _http_url(secret.get_secret_value())
    return secret


def _postgresql_url(secret: SecretStr) -> SecretStr:
    parts = urlsplit(secret.get_secret_value())
    if parts.scheme not in {"postgresql", "postgres"} or not parts.hostname:
        raise ValueError("it must look like postgresql://postgres:password@host:5432/postgres")
    return secret


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("it must be an address of this machine, as in 127.0.0.1") from None


Address = Annotated[str, AfterValidator(_address)]
PostgresqlUrl = Annotated[SecretStr, AfterValidator(_postgresql_url)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
Webhook = Annotated[SecretStr, AfterValidator(_webhook)]
WebUrl = Annotated[SecretStr, AfterValidator(_secret_url)]
File = Annotated[Path, AfterValidator(_file)]
Identifier = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,62}$")]
Sslmode = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
