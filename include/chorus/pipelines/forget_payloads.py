"""What is stored of payloads and texts, without somebody who was forgotten: theirs removed, others' rewritten."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from chorus.config import Settings
from chorus.domain.forgetting import Forgotten
from chorus.domain.identity import event_id, payload_hash
from chorus.domain.sentiment_key import input_hash
from chorus.domain.text import content_hash, word_count
from chorus.sentiment.active import active_model_keys
from chorus.transform.parts import mentions_of
from chorus.warehouse import load_queues, toots
from chorus.warehouse.connection import Connection
from chorus.warehouse.erasures import Seen
from chorus.warehouse.parquet import Row
from chorus.warehouse.statements import render

POSTS = frozenset({"status", "submission", "comment"})
OF_TOOTS = ("reblog", "media_attachments", "card", "poll", "quote", "account", "mentions")


@dataclass(frozen=True)
class Request:
    """Whom to forget: the hashes, and what their names are here, to look for them."""

    forgotten: Forgotten
    seen: tuple[Seen, ...]

    @property
    def needles(self) -> list[str]:
        """What a text that names them must contain, for `ilike any`."""
        users = {name.acct.partition("@")[0].lower() for name in self.seen}
        ids = {f'"in_reply_to_account_id": "{name.account_id}"' for name in self.seen}
        return sorted(f"%{literally(word)}%" for word in users | ids)

    @property
    def ids(self) -> list[str]:
        return sorted({name.account_id for name in self.seen})


def forget_raw_events(
    connection: Connection,
    settings: Settings,
    request: Request,
    relation: str,
    *,
    needles: Sequence[str] | None = None,
) -> Counter[str]:
    """Go through the raw events of a relation; what was theirs and not transformed yet joins `forgotten_posts`.

    `needles` is what must occur in those worth a look, by default the names that the warehouse knows.
    """
    counts: Counter[str] = Counter()
    names = {"relation": relation}
    statement = render("bronze/raw_events/find_named.sql", settings, **names)
    for row in found_named(connection, statement, {"needles": needles or request.needles}):
        event_uuid, occurred_at, source, _, instance, kind, post_id, _, text = row
        key = {"id": event_uuid, "occurred_at": occurred_at}
        payload = json.loads(text)
        cleansed = request.forgotten.cleanse(payload, source, instance)
        if cleansed is None:
            connection.execute(render("bronze/raw_events/forget.sql", settings, **names), key)
            counts["raw_events"] += 1
            if kind in POSTS:
                uri = payload.get("uri") or f"{source}://{instance}/{post_id}"
                post = {"source": source, "instance": instance, "post_id": post_id, "uri": uri}
                connection.execute(render("ops/erasures/add_post.sql", settings), post)
        elif cleansed != payload:
            hashed = payload_hash(kind, cleansed)
            values = {
                **key,
                "new_id": event_id(source, instance, kind, post_id, hashed),
                "payload": json.dumps(cleansed, ensure_ascii=False),
                "payload_hash": hashed,
            }
            for file in (
                "bronze/raw_events/rewrite.sql",
                "bronze/post_observations/follow.sql",
                "bronze/account_observations/follow.sql",
            ):
                connection.execute(render(file, settings, **names), values)
            counts["mentions_in_raw_events"] += 1
    forgotten = connection.execute(
        render("bronze/raw_events/forget_posts.sql", settings, **names)
    )
    counts["raw_events"] += forgotten.rowcount
    return counts


def rewrite_observations(
    connection: Connection, settings: Settings, request: Request
) -> Counter[str]:
    """Others' posts that name them; silver loads these again, and keeps what models said of them."""
    counts: Counter[str] = Counter()
    statement = render("bronze/post_observations/find_named.sql", settings)
    values = {"needles": request.needles, "account_ids": request.ids}
    for key, source, instance, post_id, uri, old_hash, said in found_named(
        connection, statement, values
    ):
        cleansed = request.forgotten.cleanse(said, source, instance)
        if cleansed == said:
            continue
        text = cleansed["content_text"]
        changed = {
            **cleansed,
            "observation_id": key,
            "mentions": Jsonb(cleansed["mentions"]),
            "media": Jsonb(cleansed["media"]),
            **_measured(text),
            "input_hash": None if old_hash is None else input_hash(text),
        }
        connection.execute(render("bronze/post_observations/rewrite.sql", settings), changed)
        moved = {
            "source": source,
            "instance": instance,
            "post_id": post_id,
            "old_hash": old_hash,
            "new_hash": changed["input_hash"],
        }
        if old_hash is not None:
            connection.execute(render("silver/post_sentiments/follow.sql", settings), moved)
        connection.execute(
            render("bronze/posts_to_load/enqueue.sql", settings), {"uris": [uri]}
        )
        counts["mentions_in_observations"] += 1
    return counts


def rewrite_toots(connection: Connection, settings: Settings, request: Request) -> Counter[str]:
    """Others' posts in the table of 49 columns."""
    counts: Counter[str] = Counter()
    models = [key.text for key in active_model_keys(settings)]
    statement = render("bronze/toots/find_named.sql", settings)
    for source, instance, post_id, said in found_named(
        connection, statement, {"needles": request.needles}
    ):
        # Its author is somebody else, whose profile may name them.
        cleansed = request.forgotten.cleanse(said, source, instance)
        if cleansed is None or cleansed == said:
            continue
        changed = {
            **{name: _json(cleansed[name]) for name in OF_TOOTS},
            **{
                name: cleansed[name]
                for name in (
                    "content",
                    "content_text",
                    "spoiler_text",
                    "in_reply_to_account_id",
                )
            },
            **_measured(cleansed["content_text"]),
            "mention_accts": mentions_of(cleansed).names,
            "source": source,
            "instance": instance,
            "id": post_id,
        }
        # A model that is reading the old words at this moment will say nothing of the new ones.
        unread = toots.rewrite(connection, settings, changed)
        load_queues.enqueue_posts_to_score(connection, settings, unread, models)
        counts["mentions_in_toots"] += 1
    return counts


def forget_payloads(
    connection: Connection, settings: Settings, request: Request, table: str
) -> Counter[str]:
    """Letters or events of streams: theirs go, and so does what is no JSON and may name them."""
    counts: Counter[str] = Counter()
    statement = render(f"bronze/{table}/find_named.sql", settings)
    for key, source, instance, payload in found_named(
        connection, statement, {"needles": request.needles}
    ):
        cleansed = (
            request.forgotten.cleanse(payload, source, instance)
            if isinstance(payload, dict)
            else None
        )
        if cleansed is None:
            connection.execute(render(f"bronze/{table}/forget.sql", settings), {"id": key})
            counts[table] += 1
        elif cleansed != payload:
            values = {"id": key, "payload": Jsonb(cleansed)}
            connection.execute(render(f"bronze/{table}/rewrite.sql", settings), values)
            counts[f"mentions_in_{table}"] += 1
    return counts


def _measured(text: str | None) -> dict[str, Any]:
    if text is None:
        return dict.fromkeys(("content_hash", "content_length", "word_count"))
    return {
        "content_hash": content_hash(text),
        "content_length": len(text),
        "word_count": word_count(text),
    }


def found_named(
    connection: Connection, statement: str, values: dict[str, Any]
) -> Iterator[Row]:
    """The rows as they are now, whatever is changed on the way; memory does not grow with them."""
    with connection.cursor(name="named") as cursor:
        cursor.execute(statement, values)
        while batch := cursor.fetchmany(1_000):
            yield from batch


def _json(value: Any) -> Jsonb | None:
    return None if value is None else Jsonb(value)


def literally(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
