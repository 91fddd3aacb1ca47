"""What a setting can be, and what is said when it is not: the message reaches whoever wrote it into `.env`."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit, urlunsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from chorus import paths

HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?")
WEBHOOK = re.compile(
    r"(?P<api>https?://[^/?#\s]+/(?:[^?#\s]+/)?)(?P<endpoint>webhooks/[0-9]+/[A-Za-z0-9_-]+)/?"
)


def spelled(pattern: str, sentence: str) -> AfterValidator:
    """What matches the pattern as a whole; a person is told the sentence and not the pattern."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(sentence)
        return text

    return AfterValidator(check)


def _of_visible_letters(token: SecretStr) -> SecretStr:
    if not re.fullmatch("[!-~]+", token.get_secret_value()):
        raise ValueError(
            "it holds a space, a line break or a letter beyond ASCII, which no such secret has: copy it again"
        )
    return token


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
    tuple[Literal["public", "unlisted", "private", "direct"], ...],
    Field(min_length=1),
    NoDecode,
    _listed,
]
# What goes into a header, where a line break would begin another one.
Token = Annotated[SecretStr, AfterValidator(_of_visible_letters)]


def _by_source(given: object) -> object:
    """`source.name=secret` pairs, separated by commas; what is wrong is said without repeating one."""
    if not isinstance(given, str):
        return given
    pairs = [pair.strip().partition("=") for pair in given.split(",") if pair.strip()]
    if not all(re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", name) for name, *_ in pairs):
        raise ValueError("it must look like source.name=secret, separated by commas")
    return {name: secret for name, _, secret in pairs}


# By the source and what it calls them, as in reddit.client_id.
Credentials = Annotated[dict[str, Token], NoDecode, BeforeValidator(_by_source)]
Email = Annotated[
    str,
    spelled(
        r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*",
        "it must be an address, as in name@example.org",
    ),
]
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


def site_url(text: str) -> str:
    """The address of a whole server: what is read of it, and who reads it, stands elsewhere."""
    try:
        parts = urlsplit(text)
        beyond = parts.username or parts.password or parts.query or parts.fragment
        is_whole = parts.scheme in {"http", "https"} and not beyond and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or not HOST.fullmatch(parts.hostname or ""):
        raise ValueError(
            "it must be an address such as https://mastodon.social, without user, query or fragment"
        )
    return text.rstrip("/")


def _http_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url:
        raise ValueError("it must be a URL, as in https://example.org/hook")
    return text


def _at_home(text: str) -> Path:
    """Where it is: a ~ is the person's home, also where no shell has said so, and the rest is meant from our root."""
    try:
        whole = paths.ROOT / Path(text).expanduser()
        whole.exists()
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ValueError(f"no file or folder can be called that ({reason})") from None
    return whole


def _file(path: Path) -> Path:
    whole = _at_home(str(path))
    if not whole.is_file():
        raise ValueError(f"there is no file {whole}")
    return whole


def _secret_url(secret: SecretStr) -> SecretStr:
    _http_url(secret.get_secret_value())
    return secret


def postgresql_parts(url: str) -> SplitResult:
    """The parts of a PostgreSQL URL; what is wrong with one is said without repeating it."""
    try:
        parts = urlsplit(url)
        # That of a socket stands among the options, as in postgresql:///chorus?host=/run/postgresql.
        has_place = parts.hostname or "host" in dict(parse_qsl(parts.query))
        is_whole = has_place and parts.port != 0 and parts.path.strip("/")
    except ValueError:
        parts, is_whole = urlsplit(""), False
    if parts.scheme not in {"postgresql", "postgres"} or not is_whole:
        raise ValueError("it must look like postgresql://user:password@host:5432/chorus")
    return parts


def _postgresql_url(secret: SecretStr) -> SecretStr:
    """With its user and password quoted anew: what libpq cannot read, it repeats in its message."""
    parts = postgresql_parts(secret.get_secret_value())
    who = ":".join(
        quote(unquote(part), safe="") for part in (parts.username, parts.password) if part
    )
    place = parts.netloc.rpartition("@")[2]
    return SecretStr(urlunsplit(parts._replace(netloc=f"{who}@{place}" if who else place)))


def _host(text: str) -> str:
    if not text.startswith("/") and not (HOST.fullmatch(text.lower()) or _is_address(text)):
        raise ValueError(
            "it must be the name or address of a machine, or the folder of a socket; the port stands elsewhere"
        )
    return text


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def _folder(text: str) -> str:
    """A folder, or an address of a kind that can be written to."""
    if "://" in text:
        from upath.registry import available_implementations  # noqa: PLC0415 - DAG files read settings

        if text.partition("://")[0] not in available_implementations(fallback=True):
            raise ValueError("it must be a folder, or an address such as s3://bucket/path")
        return text
    whole = _at_home(text)
    if whole.is_file():
        raise ValueError(f"{whole} is a file and must be a folder")
    return str(whole) if text.startswith("~") else text


def _address(text: str) -> str:
    if not _is_address(text):
        raise ValueError("it must be an address of this machine, as in 127.0.0.1")
    return text


Address = Annotated[str, AfterValidator(_address)]
PostgresqlUrl = Annotated[SecretStr, AfterValidator(_postgresql_url)]
SiteUrl = Annotated[str, AfterValidator(site_url)]
Host = Annotated[str, AfterValidator(_host)]
Folder = Annotated[str, AfterValidator(_folder)]
Name = Annotated[
    str, spelled(r"[\w.-]+", "it must be letters, digits, dots, underscores and hyphens")
]
ModelName = Annotated[
    str, spelled(r"[\w.-]+(/[\w.-]+)?", "it must be the name of a model, as in owner/model")
]
Hashtag = Annotated[str, spelled(r"#?[\w·・]+", "it must be one hashtag, as in python")]
Webhook = Annotated[SecretStr, AfterValidator(_webhook)]
WebUrl = Annotated[SecretStr, AfterValidator(_secret_url)]
File = Annotated[Path, AfterValidator(_file)]
Sslmode = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
