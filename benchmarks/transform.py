"""10,000 payloads to validated rows, hashes included, against what nobody can save: parsing their JSON.

Not included: the database, the model, and finding the language of posts that name none. Side by side as CPU time.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from benchmarks._measure import side_by_side, table, verdict
from chorus.demo.seeding import seed
from chorus.pipelines.transform import BATCH_SIZE
from chorus.transform.clean import clean
from chorus.transform.rows import Event

POSTS = 10_000
BAR = 4.0
SEEN = datetime(2026, 12, 1, tzinfo=UTC)


def main() -> None:
    with TemporaryDirectory() as folder:
        seeded = seed(Path(folder), users=1000, posts=POSTS, hashtags=150, seed=1337)
        payloads = seeded.statuses.read_text(encoding="utf-8").rstrip("\n").split("\n")
    events = [_event(number, payload) for number, payload in enumerate(payloads)]

    def ours() -> None:
        for start in range(0, POSTS, BATCH_SIZE):
            cleaned = clean(events[start : start + BATCH_SIZE], (1, 2, 3), lambda _: None)
            if len(cleaned.posts) < min(BATCH_SIZE, POSTS - start):
                raise SystemExit(f"Payloads were refused: {cleaned.letters[:3]}.")

    def theirs() -> None:
        for event in events:
            json.loads(event.payload)

    rows, loads = side_by_side(ours, theirs, pairs=9)
    table(
        f"{POSTS:,} payloads of {sum(map(len, payloads)) / POSTS:,.0f} characters",
        [
            ("to validated rows", f"{rows / POSTS * 1e6:6.1f} us each"),
            ("json.loads alone", f"{loads / POSTS * 1e6:6.1f} us each"),
            ("ratio", f"{rows / loads:6.2f}, at most {BAR}"),
        ],
    )
    verdict("transform", ratio=rows / loads, bar=BAR, at_least=False, posts=POSTS)


def _event(number: int, payload: str) -> Event:
    return Event(
        raw_event_id=UUID(int=number),
        occurred_at=SEEN,
        source="mastodon",
        source_id="mastodon.demo",
        instance="mastodon.demo",
        event_type="status",
        post_id=str(number),
        observed_at=SEEN,
        seen_again_at=None,
        known_uri=None,
        payload=payload,
    )


if __name__ == "__main__":
    main()
