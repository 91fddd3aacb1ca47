"""What the stack says to the person in front of it: one line an event, on a terminal or in a file."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text


class Voice:
    """Speaks from any thread; lines stay whole above a progress display on the same console.

    With `in_json` each line is an object with the keys of Airflow's own, for whoever collects logs.
    """

    def __init__(self, console: Console, *, in_json: bool = False) -> None:
        self.console = console
        self.in_json = in_json

    def say(self, sentence: str) -> None:
        self._speak(Text(sentence), sentence)

    def event(self, who: str, what: str, **about: str) -> None:
        """`about` is for machines: people see it elsewhere."""
        clock = datetime.now().astimezone().strftime("%H:%M:%S")
        line = Text.assemble((f"{clock}  ", "dim"), (f"{who:<14}", "bold"), f" {what}")
        self._speak(line, what, component=who, **about)

    def table(
        self, title: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]
    ) -> None:
        """The last column is figures."""
        if self.in_json:
            found = [dict(zip(columns, row, strict=True)) for row in rows]
            self._speak(Text(), title, rows=found)
            return
        table = Table(title=title, title_justify="left")
        for column in columns:
            table.add_column(column, justify="right" if column == columns[-1] else "left")
        for row in rows:
            table.add_row(*row)
        self.console.print(table)

    def _speak(self, line: Text, event: str, **about: object) -> None:
        if self.in_json:
            now = datetime.now(UTC).isoformat()
            who = {"timestamp": now, "level": "info", "logger": "chorus.stack"}
            line = Text(json.dumps({**who, "event": event, **about}, ensure_ascii=False))
        self.console.print(line, soft_wrap=True)
