"""A log file that never grows without end: the last few megabytes, and a few of the files before it."""

from pathlib import Path

MAX_BYTES = 10_000_000
KEPT = 3


class RotatingLog:
    """Takes bytes as a child wrote them; it is read by people, so it is written through at once.

    A write that the disk refuses is an OSError, and the next one begins anew.
    """

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES, kept: int = KEPT) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._kept = kept
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)

    def write(self, chunk: bytes) -> None:
        self._reopen()
        if self._file.tell() + len(chunk) > self._max_bytes and self._file.tell():
            self._rotate()
            self._reopen()
        self._file.write(chunk)

    def close(self) -> None:
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        for number in range(self._kept - 1, 0, -1):
            older = self._numbered(number)
            if older.exists():
                older.replace(self._numbered(number + 1))
        self.path.replace(self._numbered(1))

    def _reopen(self) -> None:
        """A rotation closed it, or began to and failed halfway."""
        if self._file.closed:
            self._file = self.path.open("ab", buffering=0)

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


def last_lines(path: Path, count: int) -> list[str]:
    """The end of a log; empty where there is none yet."""
    try:
        with path.open("rb") as log:
            log.seek(0, 2)
            log.seek(max(0, log.tell() - 500 * count))
            text = log.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()][-count:]
