"""What Discord accepts as a webhook message, and how it words what it does not."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
# Where in the message, Discord's code, Discord's sentence.
Complaint = tuple[tuple[str, ...], str, str]

CONTENT, USERNAME, EMBEDS, ALL_EMBEDS = 2_000, 80, 10, 6_000
_TEXTS = (
    (("title",), 256),
    (("description",), 4_096),
    (("footer", "text"), 2_048),
    (("author", "name"), 256),
)
_FIELDS, _FIELD_NAME, _FIELD_VALUE = 25, 256, 1_024
_BLACK_TO_WHITE = range(0x1000000)
_NO_OBJECT = ("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
_PINGS = {"roles", "users", "everyone"}


def complaints(message: Json) -> list[Complaint]:
    return [
        *_text(message, ("content",), CONTENT),
        *_text(message, ("username",), USERNAME),
        *_username(message),
        *_mentions(message),
        *_embeds(message),
    ]


def is_empty(message: Json) -> bool:
    content = message.get("content")
    return not (isinstance(content, str) and content.strip()) and not message.get("embeds")


def invalid_form(found: list[Complaint]) -> Json:
    """Discord's answer: the complaints as a tree, each at the place it is about."""
    errors: Json = {}
    for path, code, sentence in found:
        place = errors
        for step in path:
            place = place.setdefault(step, {})
        place.setdefault("_errors", []).append({"code": code, "message": sentence})
    return {"message": "Invalid Form Body", "code": 50035, "errors": errors}


def _username(message: Json) -> Iterator[Complaint]:
    name = str(message.get("username") or "").lower()
    for word in ("discord", "clyde"):
        if word in name:
            yield (
                ("username",),
                "USERNAME_INVALID_CONTAINS",
                f'Username cannot contain "{word}"',
            )


def _mentions(message: Json) -> Iterator[Complaint]:
    allowed = message.get("allowed_mentions") or {}
    if not isinstance(allowed, dict):
        yield ("allowed_mentions",), *_NO_OBJECT
        return
    for number, kind in enumerate(allowed.get("parse") or ()):
        if kind not in _PINGS:
            sentence = "Value must be one of {'roles', 'users', 'everyone'}."
            yield ("allowed_mentions", "parse", str(number)), "BASE_TYPE_CHOICES", sentence


def _embeds(message: Json) -> Iterator[Complaint]:
    embeds = message.get("embeds") or []
    if not isinstance(embeds, list):
        yield ("embeds",), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"
        return
    if len(embeds) > EMBEDS:
        yield ("embeds",), "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS} or fewer in length."
    for number, embed in enumerate(embeds):
        path = ("embeds", str(number))
        yield from _embed(embed, path) if isinstance(embed, dict) else [(path, *_NO_OBJECT)]
    if sum(map(_size, embeds)) > ALL_EMBEDS:
        sentence = f"Embed size exceeds maximum size of {ALL_EMBEDS}"
        yield ("embeds",), "MAX_EMBED_SIZE_EXCEEDED", sentence


def _embed(embed: Json, path: tuple[str, ...]) -> Iterator[Complaint]:
    for place, most in _TEXTS:
        yield from _text(embed, place, most, path)
    colour = embed.get("color")
    if colour is not None and (not isinstance(colour, int) or colour not in _BLACK_TO_WHITE):
        yield (*path, "color"), "NUMBER_TYPE_MAX", "int value should be between 0 and 16777215."
    if not str(embed.get("url") or "https://").startswith(("http://", "https://")):
        yield (*path, "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL."
    fields = embed.get("fields") or []
    if len(fields) > _FIELDS:
        yield (
            (*path, "fields"),
            "BASE_TYPE_MAX_LENGTH",
            f"Must be {_FIELDS} or fewer in length.",
        )
    for number, field in enumerate(fields):
        where = (*path, "fields", str(number))
        if not isinstance(field, dict):
            yield where, *_NO_OBJECT
            continue
        for key, most in (("name", _FIELD_NAME), ("value", _FIELD_VALUE)):
            if not str(field.get(key) or "").strip():
                yield (*where, key), "BASE_TYPE_REQUIRED", "This field is required"
            yield from _text(field, (key,), most, where)


def _text(
    holder: Json, place: tuple[str, ...], most: int, path: tuple[str, ...] = ()
) -> Iterator[Complaint]:
    value = _at(holder, place)
    if value is None:
        return
    if not isinstance(value, str):
        yield (
            (*path, *place),
            "STRING_TYPE_CONVERT",
            f'Could not interpret "{value}" as string.',
        )
    elif len(value.strip()) > most:
        yield (*path, *place), "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length."


def _size(embed: Any) -> int:
    texts = [_at(embed, place) for place, _ in _TEXTS]
    for field in _at(embed, ("fields",)) or []:
        texts += [_at(field, (key,)) for key in ("name", "value")]
    return sum(len(text.strip()) for text in texts if isinstance(text, str))


def _at(holder: Any, place: tuple[str, ...]) -> Any:
    for step in place:
        holder = holder.get(step) if isinstance(holder, dict) else None
    return holder
