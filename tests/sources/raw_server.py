"""A server that says what no library would let it say."""

import socket
import threading
from contextlib import contextmanager


def pours(head, sent):
    """To talk with: a body of 200 MB after the head; `sent` gets an entry for each that somebody took."""

    def talk(visitor):
        visitor.sendall(head)
        for _ in range(200):
            visitor.sendall(b" " * 1_000_000)
            sent.append(1)

    return talk


@contextmanager
def raw_server(talk):
    """A server that says to its first visitor whatever `talk` writes to the socket."""

    def serve():
        try:
            visitor, _ = listener.accept()
        except OSError:
            return
        with visitor:
            visitor.recv(65536)
            try:
                talk(visitor)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread.join(5)
