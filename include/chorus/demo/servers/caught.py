"""What Chorus sent out and the demo network caught; kept over a restart where a file is given."""

import json
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_KEPT = 500


class Caught:
    """The newest messages, refused calls and mails, newest first."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self.messages: deque[Json] = deque(maxlen=_KEPT)
        self.refused: deque[Json] = deque(maxlen=_KEPT)
        self.mails: deque[Json] = deque(maxlen=_KEPT)
        if file is not None and file.exists():
            self._remember(file)

    def message(self, message: Json) -> None:
        self._keep("discord", {"message": message})

    def refusal(self, status: int, answer: Json) -> None:
        self._keep("refused", {"status": status, "answer": answer})

    def mail(self, mail: Json) -> None:
        self._keep("mail", mail)

    def as_json(self) -> dict[str, list[Json]]:
        return {kind: list(entries) for kind, entries in self._all().items()}

    def _all(self) -> dict[str, deque[Json]]:
        return {"discord": self.messages, "refused": self.refused, "mail": self.mails}

    def _remember(self, file: Path) -> None:
        """Read what earlier runs caught, and keep only the newest of it in the file."""
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)[-_KEPT:]
        whole = [line for line in lines if line.endswith("\n")]  # a kill may tear the last one
        for line in whole:
            entry = json.loads(line)
            self._all()[entry.pop("kind")].appendleft(entry)
        file.write_text("".join(whole), encoding="utf-8")

    def _keep(self, kind: str, entry: Json) -> None:
        entry = {"caught_at": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}
        self._all()[kind].appendleft(entry)
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"kind": kind, **entry}) + "\n")
