"""A message for Discord as plain data, within its limits whatever it is made of."""

from dataclasses import dataclass, field, replace
from typing import Any

from chorus.notify.text import ELLIPSIS, width

TITLE, DESCRIPTION, FIELD_NAME, FIELD_VALUE, FOOTER = 256, 4096, 256, 1024, 2048
FIELDS, EMBEDS, WHOLE = 25, 10, 6000
LONGEST_LINK = 900


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    value: str
    inline: bool = True


def link_fields(name: str, url: str | None) -> tuple[Field, ...]:
    """Not as an embed's url: Discord refuses the address of a machine at home."""
    if not url or len(url) > LONGEST_LINK:
        return ()
    return (Field(name, f"<{url}>", inline=False),)


@dataclass(frozen=True, slots=True)
class Embed:
    title: str
    description: str = ""
    url: str | None = None
    color: int | None = None
    fields: tuple[Field, ...] = ()
    footer: str = ""

    @property
    def size(self) -> int:
        """What counts towards the limit over all embeds."""
        texts = [self.title, self.description, self.footer]
        texts += [text for field in self.fields for text in (field.name, field.value)]
        return sum(map(width, texts))

    def payload(self) -> dict[str, Any]:
        embed: dict[str, Any] = {"title": self.title}
        if self.description:
            embed["description"] = self.description
        if self.url:
            embed["url"] = self.url
        if self.color is not None:
            embed["color"] = self.color
        if self.fields:
            embed["fields"] = [
                {"name": field.name, "value": field.value, "inline": field.inline}
                for field in self.fields
            ]
        if self.footer:
            embed["footer"] = {"text": self.footer}
        return embed


@dataclass(frozen=True, slots=True)
class Message:
    embeds: tuple[Embed, ...] = field(default=())

    def payload(self) -> dict[str, Any]:
        """What the webhook is sent; nobody is ever pinged, whatever the embeds say."""
        return {
            "embeds": [embed.payload() for embed in _within_limits(self.embeds)],
            "allowed_mentions": {"parse": []},
        }


def _within_limits(embeds: tuple[Embed, ...]) -> list[Embed]:
    """The first embeds that fit together; each is cut to its own limits first."""
    kept: list[Embed] = []
    room = WHOLE
    for embed in map(_cut, embeds[:EMBEDS]):
        if embed.size > room:
            break
        room -= embed.size
        kept.append(embed)
    return kept


def _cut(embed: Embed) -> Embed:
    return replace(
        embed,
        title=_fit(embed.title, TITLE),
        description=_fit(embed.description, DESCRIPTION),
        footer=_fit(embed.footer, FOOTER),
        fields=tuple(
            # Discord refuses a field without name or value.
            Field(
                _fit(field.name, FIELD_NAME) or ELLIPSIS,
                _fit(field.value, FIELD_VALUE) or ELLIPSIS,
                field.inline,
            )
            for field in embed.fields[:FIELDS]
        ),
    )


def _fit(text: str, limit: int) -> str:
    """What `quote` did not already cut; a mark that escapes nothing is cut as well."""
    text = text.strip()
    if width(text) <= limit:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)]
    return units.decode("utf-16-le", "ignore").rstrip("\\") + ELLIPSIS
