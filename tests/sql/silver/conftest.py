"""Observations as transform writes them, made by hand, and a silver to load them into."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from chorus.domain.sentiment_key import ModelKey
from chorus.domain.sentiment_key import input_hash as hash_of_input
from chorus.pipelines.silver import load_silver

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MODEL = ModelKey(
    model="toy",
    model_revision="1",
    backend="vader",
    precision="exact",
    preprocessing_version="1",
)


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at one post; what is left out is unremarkable."""

    post: str = "1"
    seen: float = 0
    home: str = "home.example"
    instance: str = "home.example"
    author: str = "ada"
    author_home: str | None = None
    text: str = "hello"
    created: float = -60
    edited: float | None = None
    counts: tuple[int | None, int | None, int | None] = (0, 0, 0)
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    answers: str | None = None
    visibility: str = "public"
    language: str | None = "en"
    gone: bool = False
    source: str = "mastodon"
    run: str = "run/1"

    @property
    def uri(self) -> str:
        return f"https://{self.home}/posts/{self.post}"

    @property
    def post_id(self) -> str:
        return self.local_id(self.post)

    def local_id(self, post: str) -> str:
        """Every instance has ids of its own."""
        return f"{self.instance[0]}{post}"

    @property
    def account_uri(self) -> str:
        return f"https://{self.author_home or self.home}/users/{self.author}"

    def row(self) -> dict[str, Any]:
        replies, favourites, reblogs = self.counts
        own = (
            {}
            if self.gone
            else {
                "url": self.uri,
                "edited_at": None if self.edited is None else at(self.edited),
                "account_uri": self.account_uri,
                "account_id": f"{self.instance[0]}-{self.author}",
                "account_acct": self.author,
                "content_html": f"<p>{self.text}</p>",
                "content_text": self.text,
                "content_hash": sha256(self.text.encode()).digest(),
                "input_hash": hash_of_input(self.text),
                "language": self.language,
                "visibility": self.visibility,
                "is_sensitive": False,
                "spoiler_text": "careful",
                "in_reply_to_id": self.local_id(self.answers) if self.answers else None,
                "is_reply": self.answers is not None,
                "replies_count": replies,
                "reblogs_count": reblogs,
                "favourites_count": favourites,
                "media_count": len(self.media),
                "media_types": ["image"] * len(self.media),
                "content_length": len(self.text),
                "word_count": len(self.text.split()),
                "tags": Jsonb([{"name": tag.lower(), "shown": tag} for tag in self.tags]),
                "mentions": Jsonb([{"acct": acct, "uri": None} for acct in self.mentions]),
                "media": Jsonb([{"type": "image", "url": url} for url in self.media]),
            }
        )
        return own | {
            "raw_event_id": UUID(
                bytes=sha256(repr(replace(self, seen=0)).encode()).digest()[:16]
            ),
            "observed_at": at(self.seen),
            "source": self.source,
            "source_id": self.instance,
            "instance": self.instance,
            "post_id": self.post_id,
            "uri": self.uri,
            "event_type": "deletion" if self.gone else "status",
            "created_at": at(self.created),
            "is_deleted": self.gone,
            "pipeline_run_id": self.run,
        }


@dataclass(frozen=True, kw_only=True)
class AccountLook:
    """One look at one account."""

    account: str = "ada"
    seen: float = 0
    home: str = "home.example"
    instance: str = "home.example"
    acct: str = "ada"
    name: str | None = "Ada"
    bot: bool = False
    followers: int | None = 10
    following: int | None = 5

    @property
    def account_uri(self) -> str:
        return f"https://{self.home}/users/{self.account}"

    def row(self) -> dict[str, Any]:
        return {
            "raw_event_id": UUID(
                bytes=sha256(repr(replace(self, seen=0)).encode()).digest()[:16]
            ),
            "observed_at": at(self.seen),
            "source": "mastodon",
            "instance": self.instance,
            "account_id": f"{self.instance[0]}-{self.account}",
            "account_uri": self.account_uri,
            "acct": self.acct,
            "display_name": self.name,
            "url": self.account_uri,
            "is_bot": self.bot,
            "account_created_at": at(-100_000),
            "followers_count": self.followers,
            "following_count": self.following,
            "pipeline_run_id": "run/1",
        }


@dataclass
class Silver:
    """A warehouse whose silver this test loads."""

    connection: Any
    settings: Any

    def observe(self, *looks: Look | AccountLook) -> None:
        """Write observations and mark them pending, as transform does."""
        for look in looks:
            row = look.row()
            columns, holes = ", ".join(row), ", ".join(f"%({name})s" for name in row)
            kind = "account" if isinstance(look, AccountLook) else "post"
            self.connection.execute(
                f"insert into bronze.{kind}_observations ({columns}) values ({holes})"
                " on conflict do nothing",
                row,
            )
            queue = (
                "accounts_to_load (account_uri)" if kind == "account" else "posts_to_load (uri)"
            )
            key = row["account_uri" if kind == "account" else "uri"]
            self.connection.execute(f"insert into bronze.{queue} values (%s)", [key])

    def score(self, look: Look, label: str, confidence: float = 0.9) -> None:
        """Write what the default model says of a look's text, as score does."""
        rest = (1 - confidence) / 2
        scores = dict.fromkeys(("negative", "neutral", "positive"), rest) | {label: confidence}
        row = MODEL.columns | {
            "source": look.source,
            "instance": look.instance,
            "post_id": look.post_id,
            "input_hash": hash_of_input(look.text),
            "label": label,
            "confidence": confidence,
            "scores": Jsonb(scores),
            "device": "cpu",
        }
        columns, holes = ", ".join(row), ", ".join(f"%({name})s" for name in row)
        self.connection.execute(
            f"insert into dim_facts.post_sentiments ({columns}) values ({holes})", row
        )
        self.connection.execute(
            "insert into bronze.posts_to_load (uri) values (%s)", [look.uri]
        )

    def load(self, *looks: Look | AccountLook, **settings: object) -> dict[str, int]:
        """Observe and load."""
        self.observe(*looks)
        self.connection.commit()
        changed = self.settings.model_copy(update=settings)
        try:
            return load_silver(self.connection, changed, "test", MODEL)
        except BaseException:
            self.connection.rollback()
            raise

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        rows = self.connection.execute(query).fetchall()
        self.connection.commit()
        return rows

    def value(self, query: str) -> Any:
        [[value]] = self.rows(query)
        return value


@pytest.fixture
def silver(warehouse, warehouse_settings) -> Silver:
    return Silver(warehouse, warehouse_settings)
