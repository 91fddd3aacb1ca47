"""Ports on loopback: the wanted one, or the next that is free; what was taken is remembered for the next start."""

import socket
from collections.abc import Callable
from pathlib import Path

from chorus.domain.errors import StackError

LOOPBACK = "127.0.0.1"
TRIED = 200


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def next_free_port(wanted: int, tell: Callable[[str], None], what: str) -> int:
    """The wanted port or the next free one above it, said aloud when it is not the wanted one."""
    for port in range(wanted, min(wanted + TRIED, 65_536)):
        if is_free(port):
            if port != wanted:
                tell(f"Port {wanted} is in use; {what} takes {port}.")
            return port
    raise StackError(f"No port from {wanted} to {wanted + TRIED} is free for {what}.")


def remembered_port(memory: Path, wanted: int) -> int:
    """What an earlier start took, else the wanted one."""
    try:
        port = int(memory.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return wanted
    return port if 0 < port < 65_536 else wanted  # noqa: PLR2004 - the ports that exist
