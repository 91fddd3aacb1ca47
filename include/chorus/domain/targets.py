"""What to listen to: include/targets.yaml, or the one target that MASTODON_BASE_URL and HASHTAG name.

A `Target` is what one mapped task reads. It travels through XCom as a plain dictionary and holds no secret.
Mastodon's are here; every other source brings the model of its entries along, each of which is one target.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, Self
from urllib.parse import urlsplit

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    create_model,
    model_validator,
)

from chorus.domain.errors import ConfigurationError
from chorus.domain.setting_types import SiteUrl

Timeline = Literal["hashtag", "public", "account"]


def _without_sign(sign: str) -> BeforeValidator:
    return BeforeValidator(
        lambda text: text.removeprefix(sign) if isinstance(text, str) else text
    )


Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$")]
Hashtag = Annotated[
    str, _without_sign("#"), StringConstraints(pattern=r"^[\w·・]+$", max_length=200)
]
Account = Annotated[
    str,
    _without_sign("@"),
    StringConstraints(pattern=r"^\w[\w.-]*(@[\w.:-]+)?$", max_length=300),
]


class AnyTarget(Protocol):
    """What a target of any source says of itself; `str()` of it is what people read."""

    @property
    def source(self) -> str: ...
    @property
    def instance(self) -> str: ...
    @property
    def name(self) -> str: ...
    def model_dump(self, *, mode: str) -> dict[str, Any]: ...


# The model of another source's entries, by the source's name; None where there is no such source.
EntryOf = Callable[[str], type[BaseModel] | None]


class Target(BaseModel):
    """One timeline of one instance."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Literal["mastodon"] = "mastodon"
    instance: Host
    base_url: SiteUrl
    timeline: Timeline
    name: str = Field(min_length=1)

    def __str__(self) -> str:
        sign = {"hashtag": "#", "account": "@", "public": ""}[self.timeline]
        return f"{self.instance} {sign}{self.name}"


class MastodonInstance(BaseModel):
    """An instance and what to read of it, as people write it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    instance: Host
    base_url: SiteUrl | None = None
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

    def all(self) -> tuple[AnyTarget, ...]:
        others = [getattr(self, name) for name in type(self).model_fields if name != "mastodon"]
        return (
            *(target for entry in self.mastodon for target in entry.targets()),
            *(target for entries in others for target in entries),
        )


def read_targets(file: Path, entry_of: EntryOf = lambda _: None) -> Targets:
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
        targets = _shape(written, entry_of).model_validate({} if written is None else written)
    except ValidationError as error:
        flaws = [_sentence(file, flaw) for flaw in error.errors(include_input=False)]
        raise ConfigurationError(" ".join(flaws)) from None
    if not targets.all():
        raise ConfigurationError(f"{file} names no target: give mastodon at least one entry.")
    named = [str(target) for target in targets.all()]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise ConfigurationError(f"{file}: {', '.join(twice)} stands in it twice.")
    return targets


def the_one_target(base_url: str, hashtag: str) -> Target:
    """What MASTODON_BASE_URL and HASHTAG name; its rows carry the host's name."""
    address = urlsplit(base_url)
    host = (address.hostname or "") + (f":{address.port}" if address.port else "")
    return Target(
        instance=host, base_url=base_url, timeline="hashtag", name=hashtag.removeprefix("#")
    )


def _shape(written: Any, entry_of: EntryOf) -> type[Targets]:
    """With a section for each other source that the file names; a name that is no source stays a flaw."""
    names = [str(name) for name in written] if isinstance(written, dict) else []
    entries = {name: entry_of(name) for name in names if name not in Targets.model_fields}
    sections: dict[str, Any] = {
        name: (tuple[entry, ...], ())  # type: ignore[valid-type]
        for name, entry in entries.items()
        if entry is not None
    }
    return create_model("Targets", __base__=Targets, **sections) if sections else Targets


def _sentence(file: Path, flaw: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in flaw["loc"]) or "the file"
    problem = flaw["msg"].removeprefix("Value error, ").rstrip(".")
    problem = re.sub(r"^Input should", "it should", problem)
    return f"{file}: {where} is wrong: {problem[0].lower()}{problem[1:]}."
