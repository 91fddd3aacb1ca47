"""The list of who was forgotten: it keeps what comes in clean, and lies beside the archive, too.

There a backup that is older than a request cannot lose it. Nobody is named in it: only keyed hashes are written down.
"""

import json
from dataclasses import replace
from datetime import datetime

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.events import RawEvent, Rejected
from chorus.domain.forgetting import Forgotten
from chorus.pipelines.hiding import hide_everybody
from chorus.sources.page import Page
from chorus.warehouse import erasures
from chorus.warehouse.connection import Connection
from chorus.warehouse.erasures import Erasure
from chorus.warehouse.parquet import Place, files_in

FOLDER = "erasures"


def secret_of(settings: Settings) -> str:
    if settings.pseudonym_secret is None:
        raise ConfigurationError(
            "PSEUDONYM_SECRET is missing: set it to a long random text and keep it, for names are known by hashes made with it."
        )
    return settings.pseudonym_secret.get_secret_value()


def read_forgotten(connection: Connection, settings: Settings) -> Forgotten:
    """Who is to be kept out."""
    digests = erasures.read_digests(connection, settings)
    return Forgotten(secret_of(settings) if digests else "", digests)


def keep_out(connection: Connection, settings: Settings, page: Page) -> Page:
    """The page without those who were forgotten: what is theirs goes, others' mentions of them are pseudonyms.

    Where everybody is to be one, they are first: whoever is forgotten is known by theirs.
    """
    page = hide_everybody(settings, page)
    forgotten = read_forgotten(connection, settings)
    if not forgotten:
        return page
    events = (cleansed_event(forgotten, event) for event in page.events)
    letters = (_cleansed_letter(forgotten, letter) for letter in page.rejected)
    return replace(
        page,
        events=tuple(event for event in events if event is not None),
        rejected=tuple(letter for letter in letters if letter is not None),
    )


def cleansed_event(forgotten: Forgotten, event: RawEvent) -> RawEvent | None:
    payload = forgotten.cleanse(event.payload, event.source, event.instance)
    if payload is None or payload == event.payload:
        return None if payload is None else event
    return RawEvent(**{**event.model_dump(), "payload": payload})


def _cleansed_letter(forgotten: Forgotten, letter: Rejected) -> Rejected | None:
    if not isinstance(letter.payload, dict):
        return letter
    payload = forgotten.cleanse(letter.payload, letter.source, letter.instance)
    return None if payload is None else replace(letter, payload=payload)


def note_beside_archive(archive: Place, erasure: Erasure) -> None:
    """Write one request down where restoring a backup does not reach."""
    folder = archive / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    said = {
        "source": erasure.source,
        "instance": erasure.instance,
        "requested_at": erasure.requested_at.isoformat(),
        "account_digest": erasure.account_digest.hex(),
        "digests": [digest.hex() for digest in erasure.digests],
    }
    (folder / f"{erasure.account_digest.hex()}.json").write_text(json.dumps(said, indent=1))


def noted_beside_archive(archive: Place) -> list[Erasure]:
    """Every request ever written down there."""
    notes = [json.loads(file.read_text()) for file in files_in(archive / FOLDER)]
    return [
        Erasure(
            note["source"],
            note["instance"],
            bytes.fromhex(note["account_digest"]),
            [bytes.fromhex(digest) for digest in note["digests"]],
            datetime.fromisoformat(note["requested_at"]),
        )
        for note in notes
    ]
