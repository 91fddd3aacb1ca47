"""The model's files on this machine: are they there, and are they what the card says?"""

import hashlib
import tomllib
from pathlib import Path

from chorus.domain.errors import ModelMismatch, ModelMissing
from chorus.sentiment.cards import ModelCard

PICKLE = "pytorch_model.bin"
SAFE = "model.safetensors"
RECORD = "converted.toml"


def require_weights(card: ModelCard) -> None:
    """Say in one sentence what to run when the model cannot be loaded; costs a few stat calls."""
    missing = [name for name in loaded_files(card) if not (card.weights / name).is_file()]
    if missing:
        otherwise = (
            f"take `beside` out of {card.path}"
            if card.beside
            else "set SENTIMENT_BACKEND=vader"
        )
        raise ModelMissing(
            f"The weights of {card.repository} are not on this machine ({', '.join(missing)} missing in "
            f"{card.weights}): run `chorus model fetch {card.name}`, or {otherwise}."
        )


def verify_weights(card: ModelCard) -> list[str]:
    """Read every file that is loaded; returns those for which no checksum is known."""
    require_weights(card)
    known = card.files | converted_checksums(card)
    unknown = []
    for name in loaded_files(card):
        if known.get(name):
            verify_file(card.weights / name, known[name])
        else:
            unknown.append(name)
    return unknown


def loaded_files(card: ModelCard) -> list[str]:
    """The card's files with the weights as safetensors, whatever they were published as."""
    if card.backend == "vader":
        return []
    names = [name for name in card.files if name not in (PICKLE, SAFE)]
    return [SAFE, *names]


def converted_checksums(card: ModelCard) -> dict[str, str]:
    """What `chorus model fetch` recorded when it converted a pickle."""
    record = card.weights / RECORD
    return dict(tomllib.loads(record.read_text())["files"]) if record.is_file() else {}


def verify_file(path: Path, checksum: str) -> None:
    found = checksum_of(path)
    if found != checksum:
        raise ModelMismatch(
            f"{path} is not what its card says (SHA-256 {found} instead of {checksum}): fetch it again or mend the card."
        )


def checksum_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise ModelMissing(f"{path} is missing: run `chorus model fetch`.") from error
