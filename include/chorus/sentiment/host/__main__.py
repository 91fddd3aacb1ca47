"""`python -m chorus.sentiment.host --card ...`: what a client starts. Not meant to be typed."""

import argparse
import gc
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from chorus.domain.errors import ChorusError
from chorus.domain.log_lines import log_to_stderr
from chorus.sentiment.backends.base import Backend, open_backend
from chorus.sentiment.backends.cores import cores
from chorus.sentiment.cards import ModelCard, Precision
from chorus.sentiment.host.place import Place
from chorus.sentiment.host.readers import Readers
from chorus.sentiment.host.server import (
    AlreadyServed,
    Host,
    Limits,
    leave_on_signals,
    listen,
    only_host,
)

log = logging.getLogger("chorus.sentiment.host")

PATIENCE_WITH_PREDECESSOR = 60.0


def main(open_model: Callable[[ModelCard, str, Precision], Backend] = open_backend) -> int:
    """Serve until it is time to go; a reason for not starting goes to whoever started us."""
    options = _options()
    log_to_stderr(in_json=options.in_json)
    place = Place(options.directory)
    try:
        card = ModelCard.read(options.card)
        with only_host(place, PATIENCE_WITH_PREDECESSOR):
            started = time.monotonic()
            backend = open_model(card, options.device, options.precision)
            # The model and its libraries stay: they are not searched for garbage while texts are read.
            gc.freeze()
            limits = Limits(idle_seconds=options.idle, memory_mb=card.memory_mb)
            readers: list[int] = []
            if backend.one_core and cores() > 1:
                backend = Readers(backend, min(cores(), limits.waiting))
                readers = backend.processes
            host = Host(backend, place, card.fingerprint, limits, readers)
            leave_on_signals(host)
            listener = listen(place)
            log.info(
                "LOADED %s@%s on %s in %.2f s",
                card.repository,
                card.revision,
                backend.device,
                time.monotonic() - started,
            )
            _tell(options.ready, {"ready": True})
            host.serve(listener)
    except AlreadyServed:
        log.info("NOT NEEDED: another host answers")
        _tell(options.ready, {"ready": True})
    except ChorusError as error:
        log.error("NOT STARTED %s", error)  # noqa: TRY400 - the sentence says it all
        _tell(options.ready, {"failed": [type(error).__name__, str(error)]})
        return 1
    log.info("LEFT")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--card", type=Path, required=True)
    parser.add_argument("--device", required=True)
    parser.add_argument("--precision", required=True)
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--idle", type=float, required=True, help="seconds")
    parser.add_argument("--ready", type=int, required=True, help="file descriptor")
    parser.add_argument("--in-json", action="store_true", help="its log")
    return parser.parse_args()


def _tell(ready: int, message: dict[str, object]) -> None:
    """The starter may be gone by now; the next client finds our socket."""
    try:
        os.write(ready, json.dumps(message).encode() + b"\n")
        os.close(ready)
    except BrokenPipeError:
        log.info("nobody waits for us any more")


if __name__ == "__main__":
    sys.exit(main())
