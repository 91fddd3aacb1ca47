"""Where the host of one (model, revision, device, precision) lives on this machine, for this user only."""

import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chorus.domain.errors import ModelHostFailed
from chorus.sentiment.cards import ModelCard

# sun_path of sockaddr_un, with its closing zero; macOS has four bytes less.
LONGEST_SOCKET_PATH = 103
OURS_ALONE = 0o700


@dataclass(frozen=True, slots=True)
class Place:
    directory: Path

    @property
    def lock(self) -> Path:
        return self.directory / "lock"

    @property
    def start(self) -> Path:
        return self.directory / "start"

    @property
    def socket(self) -> Path:
        return self.directory / "sock"

    @property
    def log(self) -> Path:
        return self.directory / "log"

    @contextlib.contextmanager
    def shared(self, *, alone: bool = False) -> Iterator[None]:
        """Ask the host beside others; or once those have their answers, and before anybody else gets one."""
        with (self.directory / "callers").open("w") as callers:
            fcntl.flock(callers, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield


def place_of(
    card: ModelCard, device: str, precision: str, runtime: Path | None = None
) -> Place:
    """Make the directory if need be; refuse one that somebody else could have prepared."""
    base = runtime or Path(tempfile.gettempdir()) / f"chorus-{os.getuid()}"
    identity = f"{card.path} {card.repository} {card.revision} {device} {precision}"
    name = f"{card.name[:24]}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"
    place = Place(base / name)
    for directory in (base, place.directory):
        directory.mkdir(mode=OURS_ALONE, parents=True, exist_ok=True)
        require_private(directory)
    if len(os.fsencode(place.socket)) > LONGEST_SOCKET_PATH:
        raise ModelHostFailed(
            f"{place.socket} is too long a name for a socket: set TMPDIR to a shorter path."
        )
    return place


def require_private(directory: Path) -> None:
    found = directory.lstat()
    if (
        not stat.S_ISDIR(found.st_mode)
        or found.st_uid != os.getuid()
        or stat.S_IMODE(found.st_mode) != OURS_ALONE
    ):
        raise ModelHostFailed(
            f"{directory} must be a directory of this user alone (mode 0700): remove it and try again."
        )
