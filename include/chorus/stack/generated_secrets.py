"""Passwords and keys that nobody chose: made once, kept in files that only their owner can read."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def password() -> str:
    return secrets.token_urlsafe(24)


def secret(folder: Path, name: str, make: Callable[[], str] = password) -> str:
    """The secret of that name; made where there is none, and whole or absent after a power cut."""
    return kept_secret(folder, name) or keep(folder, name, make())


def kept_secret(folder: Path, name: str) -> str | None:
    """An empty file, as an older version or a person may have left it, holds none; an editor's last line break is no part of one."""
    try:
        return (folder / name).read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def keep(folder: Path, name: str, chosen: str) -> str:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(folder / name, chosen)
    return chosen


def write_private(file: Path, text: str) -> None:
    """Replace a file in one step by one that only its owner can read."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as writer:
        writer.write(text)
        writer.flush()
        os.fsync(writer.fileno())
    fresh.replace(file)
