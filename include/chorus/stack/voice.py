"""What the stack says to the person in front of it: one line an event, on a terminal or in a file."""

from datetime import datetime

from rich.console import Console
from rich.text import Text


class Voice:
    """Speaks from any thread; lines stay whole above a progress display on the same console."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def say(self, sentence: str) -> None:
        self._print(Text(sentence))

    def event(self, who: str, what: str) -> None:
        clock = datetime.now().astimezone().strftime("%H:%M:%S")
        self._print(Text.assemble((f"{clock}  ", "dim"), (f"{who:<14}", "bold"), f" {what}"))

    def _print(self, line: Text) -> None:
        self.console.print(line, soft_wrap=True)
