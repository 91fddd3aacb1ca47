"""Which loopback ports the demo network listens on; one in use gives way to the next."""

import socket
from dataclasses import dataclass
from typing import Self

from chorus.domain.errors import ConfigurationError

HOST = "127.0.0.1"
_TRIES = 50
_COUNT = 4
_LAST = 65_535


@dataclass(frozen=True, slots=True)
class Ports:
    """0 is any free one."""

    mastodon: int = 7801
    ulid: int = 7802
    hub: int = 7803
    mail: int = 7825

    @classmethod
    def any_free(cls) -> Self:
        return cls(0, 0, 0, 0)

    @classmethod
    def parse(cls, text: str) -> Self:
        """`0`, or four numbers: mastodon,ulid,hub,mail."""
        numbers = text.split(",")
        if text == "0":
            return cls.any_free()
        if len(numbers) == _COUNT and all(number.strip().isdecimal() for number in numbers):
            named = [int(number) for number in numbers]
            if max(named) <= _LAST:
                return cls(*named)
        message = (
            f"--ports {text!r} is not readable; write 0 for any free ports, or four "
            "numbers for mastodon, ulid, hub and mail, as in 7801,7802,7803,7825."
        )
        raise ConfigurationError(message)


def listen(port: int) -> socket.socket:
    for candidate in range(port, port + _TRIES) if port else [0]:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, candidate))
            listener.listen()
        except OSError:
            listener.close()
            continue
        return listener
    message = f"No free port from {port} to {port + _TRIES - 1}; name others with --ports."
    raise ConfigurationError(message)


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])
