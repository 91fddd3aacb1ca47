"""A line to a server that one can cut, slow down, or let answer rubbish."""

import contextlib
import socket
import struct
import threading
import time
from urllib.parse import urlsplit

PIECE = 20_000
PAGE = b"<!doctype html><title>Sign in to the hotel's network</title>"
RUBBISH = {
    "a page": PAGE,
    "noise": bytes(range(256)),
    "half an answer": b'[{"id": "1", "created_at": "2026-1',
    "another shape": b'{"posts": null}',
}


class Line:
    """`mood` is None where all is well; `met` counts those who met it in any other."""

    def __init__(self, url):
        self._goal = (urlsplit(url).hostname, urlsplit(url).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://{}:{}".format(*self._listener.getsockname())
        self.mood = None
        self.met = 0

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=[caller], daemon=True).start()

    def _connect(self, caller):
        with caller, contextlib.suppress(OSError):
            if self.mood == "cut":
                self._cut(caller)
            elif self.mood in RUBBISH:
                self._answer(caller, RUBBISH[self.mood])
            else:
                with socket.create_connection(self._goal) as goal:
                    there = threading.Thread(target=_copy, args=[caller, goal], daemon=True)
                    there.start()
                    if self._copy_back(goal, caller):
                        # Whoever waits for its words would keep the line open.
                        caller.shutdown(socket.SHUT_RD)
                        there.join()
                        _reset(caller)

    def _copy_back(self, goal, caller):
        """Whether it was cut before the end."""
        while piece := goal.recv(PIECE):
            mood = self.mood
            if mood is not None:
                self.met += 1
            if mood == "cut halfway":
                caller.sendall(piece[: len(piece) // 2])
                return True
            while self.mood == mood == "silent":
                time.sleep(0.1)
            if mood == "slow":
                time.sleep(0.1)
            caller.sendall(piece)
        return False

    def _cut(self, caller):
        self.met += 1
        _reset(caller)

    def _answer(self, caller, body):
        self.met += 1
        caller.recv(65_536)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        caller.sendall(head.encode() + body)


def _copy(source, goal):
    with contextlib.suppress(OSError):
        while piece := source.recv(65_536):
            goal.sendall(piece)
        goal.shutdown(socket.SHUT_WR)


def _reset(caller):
    """Without a farewell: whoever reads meets an error and no end."""
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    caller.close()
