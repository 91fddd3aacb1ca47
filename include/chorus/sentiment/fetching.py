"""Brings a model's files to this machine, from the hub or from a folder, and keeps only what its card allows."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from chorus.domain.errors import ModelMismatch, ModelMissing
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.weights import (
    PICKLE,
    RECORD,
    SAFE,
    checksum_of,
    require_weights,
    verify_file,
)


@dataclass(slots=True)
class Fetched:
    """What came: checksums of the files that the card does not know, and whether weights were converted."""

    unverified: dict[str, str] = field(default_factory=dict)
    converted: str | None = None


def fetch(card: ModelCard, folder: Path | None = None) -> Fetched:
    """Download, or copy from `folder`; verify; convert a pickle; only then put it where the host looks."""
    if card.backend == "vader":
        return Fetched()
    card.weights.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=card.weights.parent, prefix=".fetching-") as name:
        staging = Path(name) / card.name
        staging.mkdir()
        bring = _copier(folder) if folder else _downloader(card)
        for file in card.files:
            bring(file, staging)
        fetched = _verify(card, staging)
        if PICKLE in card.files:
            fetched.converted = convert(staging)
        elif SAFE not in card.files:
            raise ModelMismatch(
                f"{card.path} names neither {SAFE} nor {PICKLE} under [files]: add the one it has."
            )
        shutil.rmtree(card.weights, ignore_errors=True)
        staging.rename(card.weights)
    require_weights(card)
    return fetched


def _verify(card: ModelCard, staging: Path) -> Fetched:
    fetched = Fetched()
    for name, checksum in card.files.items():
        if checksum:
            verify_file(staging / name, checksum)
        else:
            fetched.unverified[name] = checksum_of(staging / name)
    return fetched


def convert(staging: Path) -> str:
    """Turn the pickle into safetensors once, in a process that does nothing else; the pickle does not stay."""
    done = subprocess.run(
        [sys.executable, "-m", "chorus.sentiment.conversion", staging / PICKLE, staging / SAFE],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it died"
        raise ModelMismatch(
            f"{PICKLE} could not be converted ({reason}): it holds more than weights; do not use it."
        )
    (staging / PICKLE).unlink()
    checksum = checksum_of(staging / SAFE)
    (staging / RECORD).write_text(f'[files]\n"{SAFE}" = "{checksum}"\n')
    return checksum


def _copier(folder: Path) -> Callable[[str, Path], None]:
    def copy(name: str, staging: Path) -> None:
        if not (folder / name).is_file():
            raise ModelMissing(f"{folder} holds no {name}: copy the whole model there.")
        shutil.copyfile(folder / name, staging / name)

    return copy


def _downloader(card: ModelCard) -> Callable[[str, Path], None]:
    from huggingface_hub import hf_hub_download  # noqa: PLC0415 - a second that only this needs
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError  # noqa: PLC0415

    def download(name: str, staging: Path) -> None:
        try:
            hf_hub_download(
                card.repository, name, revision=card.revision, local_dir=staging, token=False
            )
        except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
            raise ModelMissing(
                f"{name} of {card.repository} could not be downloaded ({_first_line(error)}): try again, or copy the "
                f"model here and run `chorus model fetch {card.name} --from DIR`."
            ) from error
        shutil.rmtree(staging / ".cache", ignore_errors=True)

    return download


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
