"""Where the running demo network can be reached, and the file that tells others."""

import os
from dataclasses import asdict, dataclass
from json import dumps
from pathlib import Path

FILE = "demo-network.json"


@dataclass(frozen=True, slots=True)
class Addresses:
    """`instances`: the name that rows carry -> the base URL to read it from."""

    pid: int
    instances: dict[str, str]
    reddit_url: str
    subreddits: tuple[str, ...]
    hub_url: str
    caught_url: str
    discord_webhook_url: str
    revoked_discord_webhook_url: str
    smtp_host: str
    smtp_port: int
    hashtags: tuple[str, ...]

    def as_json(self) -> str:
        return dumps(asdict(self), ensure_ascii=False, indent=2)

    def write(self, folder: Path) -> Path:
        """In one step: who finds the file finds all of it."""
        file = folder / FILE
        unfinished = file.with_suffix(f".{os.getpid()}")
        unfinished.write_text(self.as_json() + "\n", encoding="utf-8")
        unfinished.replace(file)
        return file
