"""Passwords and keys that nobody chose: made once, kept in files that only their owner can read."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def password() -> str:
    return secrets.token_urlsafe(24)


def secret(folder: Path, name: str, make: Callable[[], str] = password) -> str:
    """The secret of that name; made where there is none, and whole or absent after a power cut."""
    file = folder / name
    try:
        kept = file.read_text(encoding="ascii")
    except FileNotFoundError:
        kept = ""
    if kept:
        return kept
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = make()
    write_private(file, made)
    return made


def write_private(file: Path, text: str) -> None:
    """Replace a file in one step by one that only its owner can read."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as writer:
        writer.write(text)
        writer.flush()
        os.fsync(writer.fileno())
    fresh.replace(file)
