"""What to listen to: include/targets.yaml, or the one target that MASTODON_BASE_URL and HASHTAG name.

A `Target` is what one mapped task reads. It travels through XCom as a plain dictionary and holds no secret.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from chorus.domain.errors import ConfigurationError

Timeline = Literal["hashtag", "public", "account"]


def _https_or_http(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it must be an address such as https://mastodon.social")
    if parts.username or parts.query or parts.fragment:
        raise ValueError("it must be an address without user, query or fragment")
    return url.rstrip("/")


def _without_sign(sign: str) -> BeforeValidator:
    return BeforeValidator(
        lambda text: text.removeprefix(sign) if isinstance(text, str) else text
    )


BaseUrl = Annotated[str, AfterValidator(_https_or_http)]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$")]
Hashtag = Annotated[
    str, _without_sign("#"), StringConstraints(pattern=r"^[\w·・]+$", max_length=200)
]
Account = Annotated[
    str,
    _without_sign("@"),
    StringConstraints(pattern=r"^\w[\w.-]*(@[\w.:-]+)?$", max_length=300),
]


class Target(BaseModel):
    """One timeline of one instance."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Literal["mastodon"] = "mastodon"
    instance: Host
    base_url: BaseUrl
    timeline: Timeline
    name: str = Field(min_length=1)

    def __str__(self) -> str:
        sign = {"hashtag": "#", "account": "@", "public": ""}[self.timeline]
        return f"{self.instance} {sign}{self.name}"


class MastodonInstance(BaseModel):
    """An instance and what to read of it, as people write it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    instance: Host
    base_url: BaseUrl | None = None
    hashtags: tuple[Hashtag, ...] = ()
    public: Literal["none", "local", "federated"] = "none"
    accounts: tuple[Account, ...] = ()

    @model_validator(mode="after")
    def _something_to_read(self) -> Self:
        if not self.hashtags and not self.accounts and self.public == "none":
            raise ValueError("it names nothing to read: give it hashtags, accounts or public")
        return self

    def targets(self) -> Iterable[Target]:
        named: list[tuple[Timeline, str]] = [("hashtag", tag) for tag in self.hashtags]
        if self.public != "none":
            named.append(("public", self.public))
        named += [("account", account) for account in self.accounts]
        for timeline, name in dict.fromkeys(named):
            yield Target(
                instance=self.instance,
                base_url=self.base_url or f"https://{self.instance}",
                timeline=timeline,
                name=name,
            )


class Targets(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mastodon: tuple[MastodonInstance, ...] = ()

    @model_validator(mode="after")
    def _each_instance_once(self) -> Self:
        names = [entry.instance for entry in self.mastodon]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(
                f"{', '.join(twice)} stands in it twice: put all it reads in one entry"
            )
        return self

    def all(self) -> tuple[Target, ...]:
        return tuple(target for entry in self.mastodon for target in entry.targets())


def read_targets(file: Path) -> Targets:
    """The targets in a file; ConfigurationError with a sentence for each flaw, naming where it stands."""
    try:
        written = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{file} cannot be read ({error.strerror}): create it or set TARGETS_FILE."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        why = " ".join(str(error).split())
        raise ConfigurationError(f"{file} is not YAML: {why}.") from error
    try:
        targets = Targets.model_validate(written if written is not None else {})
    except ValidationError as error:
        flaws = [_sentence(file, flaw) for flaw in error.errors(include_input=False)]
        raise ConfigurationError(" ".join(flaws)) from None
    if not targets.all():
        raise ConfigurationError(f"{file} names no target: give mastodon at least one entry.")
    return targets


def the_one_target(base_url: str, hashtag: str) -> Target:
    """What MASTODON_BASE_URL and HASHTAG name; its rows carry the host's name."""
    address = urlsplit(base_url)
    host = (address.hostname or "") + (f":{address.port}" if address.port else "")
    return Target(
        instance=host, base_url=base_url, timeline="hashtag", name=hashtag.removeprefix("#")
    )


def _sentence(file: Path, flaw: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in flaw["loc"]) or "the file"
    problem = flaw["msg"].removeprefix("Value error, ").rstrip(".")
    problem = re.sub(r"^Input should", "it should", problem)
    return f"{file}: {where} is wrong: {problem[0].lower()}{problem[1:]}."
