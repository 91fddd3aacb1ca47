"""What goes over the socket: a length and a message, and who is at the other end."""

import os
import socket
import struct
import sys
from typing import Any

from msgspec import MsgspecError, msgpack

Message = dict[str, Any]

LENGTH = struct.Struct("!I")
LARGEST = 256 * 1024 * 1024
CHUNK = 1024 * 1024


def send(connection: socket.socket, message: Message) -> None:
    body = msgpack.encode(message)
    connection.sendall(LENGTH.pack(len(body)) + body)


def receive(connection: socket.socket) -> Message:
    (length,) = LENGTH.unpack(_read(connection, LENGTH.size))
    if length > LARGEST:
        raise ConnectionError(f"a message of {length} bytes is more than {LARGEST}")
    try:
        return msgpack.decode(_read(connection, length), type=Message)
    except MsgspecError as error:
        raise ConnectionError(f"what came is no message: {error}") from error


def _read(connection: socket.socket, length: int) -> bytearray:
    body = bytearray()
    while len(body) < length:
        chunk = connection.recv(min(length - len(body), CHUNK))
        if not chunk:
            raise ConnectionError("the other side went away")
        body += chunk
    return body


def peer_user(connection: socket.socket) -> int:
    """The user id of the process at the other end, as the kernel knows it."""
    if sys.platform == "darwin":
        # struct xucred: version, uid, ...; LOCAL_PEERCRED is 1 at level 0.
        _, user = struct.unpack("=Ii", connection.getsockopt(0, 1, 8))
    else:
        _, user, _ = struct.unpack(
            "=iii", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        )
    return int(user)


def peer_process(connection: socket.socket) -> int:
    """The number of the process at the other end, as the kernel knows it."""
    if sys.platform == "darwin":
        # LOCAL_PEERPID is 2 at level 0.
        return int(connection.getsockopt(0, 2))
    process, _, _ = struct.unpack(
        "=iii", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    )
    return int(process)


def is_ours(connection: socket.socket) -> bool:
    return peer_user(connection) == os.getuid()
