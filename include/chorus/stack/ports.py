"""Ports on loopback: the wanted one, or the next that is free; what was taken is remembered for the next start."""

import fcntl
import os
import socket
import tempfile
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


class Ports:
    """Chooses ports for servers that will listen in a while: nobody else of this user is given the same meanwhile."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._claims: dict[int, int] = {}

    def choose(self, wanted: int, what: str) -> int:
        """The wanted port or the next free one above it, said aloud when it is not the wanted one."""
        last = min(wanted + TRIED, 65_536) - 1
        for port in range(wanted, last + 1):
            if is_free(port) and self._claim(port):
                if port != wanted:
                    self._tell(f"Port {wanted} is in use; {what} takes {port}.")
                return port
        raise StackError(
            f"None of the ports from {wanted} to {last} can be had for {what}: name another, above 1024."
        )

    def close(self) -> None:
        while self._claims:
            os.close(self._claims.popitem()[1])

    def _claim(self, port: int) -> bool:
        """By a lock on a file, which a killed process lets go of by dying."""
        if port in self._claims:
            return False
        folder = Path(tempfile.gettempdir()) / f"chorus-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(
            folder / f"port-{port}", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600
        )
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._claims[port] = descriptor
        return True


def remembered_port(memory: Path, wanted: int) -> int:
    """What an earlier start took, else the wanted one."""
    try:
        port = int(memory.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return wanted
    return port if 0 < port < 65_536 else wanted  # noqa: PLR2004 - the ports that exist
