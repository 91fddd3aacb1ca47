"""What a process says for people, an object a line: for whoever collects logs, of those who know no JSON as well."""

import json
import re
from contextlib import suppress
from datetime import UTC, datetime

from chorus.stack.rotating_log import RotatingLog

LONGEST = 1_000_000  # bytes without an end that are a line all the same
HEAD = 80  # characters in which a line says how grave it is
LEVELS = {
    "debug": "debug",
    "info": "info",
    "log": "info",  # PostgreSQL's own word
    "notice": "info",
    "warning": "warning",
    "error": "error",
    "fatal": "critical",
    "panic": "critical",
    "critical": "critical",
}
LEVEL = re.compile(rf"\b({'|'.join(LEVELS).upper()})\b")


class JsonLines:
    """A log that takes bytes as a child wrote them; what is an event already stays as it is."""

    def __init__(self, log: RotatingLog, name: str) -> None:
        self._log = log
        self._name = name
        self._rest = b""

    def write(self, chunk: bytes) -> None:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > LONGEST:
            lines, self._rest = [*lines, self._rest], b""
        events = [self._event(line) for line in lines if line.strip()]
        if events:
            self._log.write("".join(events).encode())

    def close(self) -> None:
        with suppress(OSError):
            self.write(b"\n")
        self._log.close()

    def _event(self, line: bytes) -> str:
        text = line.decode(errors="replace").rstrip("\r")
        if not _is_event(text):
            found = LEVEL.search(text[:HEAD])
            event = {
                "timestamp": datetime.now(UTC).isoformat(),
                "level": LEVELS[found[1].lower()] if found else "info",
                "logger": self._name,
                "event": text,
            }
            text = json.dumps(event, ensure_ascii=False)
        return f"{text}\n"


def _is_event(text: str) -> bool:
    if not text.startswith("{"):
        return False
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "event" in found
