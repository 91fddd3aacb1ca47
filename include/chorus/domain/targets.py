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
from chorus.domain.setting_types import SiteUrl, spelled

Timeline = Literal["hashtag", "public", "account"]


def _without_sign(sign: str) -> BeforeValidator:
    return BeforeValidator(
        lambda text: text.removeprefix(sign) if isinstance(text, str) else text
    )


Host = Annotated[
    str,
    spelled(
        r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?",
        "it must be a name in small letters, as in mastodon.social",
    ),
]
Hashtag = Annotated[
    str,
    StringConstraints(max_length=200),
    _without_sign("#"),
    spelled(r"[\w·・]+", "it must be one hashtag, as in python"),
]
Account = Annotated[
    str,
    StringConstraints(max_length=300),
    _without_sign("@"),
    spelled(r"\w[\w.-]*(@[\w.:-]+)?", "it must be an account, as in Gargron or ana@b.example"),
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


# What pydantic says for programmers.
PLAINLY = {
    "extra_forbidden": "there is no such name here",
    "model_type": "it must be names with a colon and what they hold, as in include/targets.yaml",
    "tuple_type": "it must be a list, each entry behind a dash",
    "string_type": "it must be text; write it in quotes where YAML takes it for something else",
}
AT_ONCE = 10  # flaws that are told

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


class OnceEach(yaml.SafeLoader):
    """Of a name that is written twice YAML's own reader would keep the last, and nobody would listen to the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - theirs
        names = [name.value for name, _ in node.value if isinstance(name, yaml.ScalarNode)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise yaml.constructor.ConstructorError(
                None, None, f"{twice[0]} is written twice, so put both in one", node.start_mark
            )
        return super().construct_mapping(node, deep)


def read_targets(file: Path, entry_of: EntryOf = lambda _: None) -> Targets:
    """The targets in a file; ConfigurationError with a sentence for each flaw, naming where it stands."""
    try:
        written = yaml.load(file.read_text(encoding="utf-8"), Loader=OnceEach)  # noqa: S506 - a safe one
    except OSError as error:
        raise ConfigurationError(
            f"{file} cannot be read ({error.strerror}): create it or set TARGETS_FILE."
        ) from error
    except RecursionError:
        raise ConfigurationError(f"{file} is not YAML: it nests too deep.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        why = " ".join(str(error).split())
        raise ConfigurationError(f"{file} is not YAML: {why}.") from error
    try:
        targets = _shape(written, entry_of).model_validate({} if written is None else written)
    except ValidationError as error:
        flaws = [_sentence(file, flaw) for flaw in error.errors(include_input=False)[:AT_ONCE]]
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
    problem = PLAINLY.get(flaw["type"], flaw["msg"].removeprefix("Value error, ").rstrip("."))
    problem = re.sub(r"^Input should", "it should", problem)
    return f"{file}: {where} is wrong: {problem[0].lower()}{problem[1:]}."
