"""GET /metrics on loopback, for whoever shows the bearer token; the token itself is in no log and no answer."""

import hmac
import logging
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError, WarehouseUnavailable
from chorus.pipelines.metrics import collect
from chorus.warehouse.connection import connect

LOOPBACK = "127.0.0.1"
SLOWEST = 10  # seconds a scrape may keep the warehouse busy, which is what Prometheus waits for at most

log = logging.getLogger(__name__)


class Warehouse(Collector):
    """A connection a scrape: Prometheus asks twice a minute, and nothing is held in between."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def describe(self) -> list[Metric]:
        return []  # unlike collect(), asks nobody

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("chorus_warehouse_up", "1 while the warehouse answers.")
        families: list[Metric] = []
        try:
            with connect(self._settings, "monitor") as connection:
                connection.read_only = True
                connection.execute(f"set statement_timeout = '{SLOWEST}s'")
                families = list(collect(connection, self._settings))
        except (WarehouseUnavailable, psycopg.Error) as error:
            log.warning("There are no metrics this time: %s", error)
        up.add_metric([], bool(families))
        yield up
        yield from families


class Handler(BaseHTTPRequestHandler):
    server_version = "chorus-exporter"
    sys_version = ""
    timeout = 20

    def __init__(self, token: str, registry: CollectorRegistry, *connection: Any) -> None:
        self._token = token
        self._registry = registry
        super().__init__(*connection)

    def do_GET(self) -> None:
        shown = self.headers.get("Authorization", "").encode("latin-1", "replace")
        if not hmac.compare_digest(shown, f"Bearer {self._token}".encode()):
            self._answer(HTTPStatus.UNAUTHORIZED, b"show the bearer token\n")
        elif self.path.partition("?")[0] != "/metrics":
            self._answer(HTTPStatus.NOT_FOUND, b"there is /metrics\n")
        else:
            encode, kind = choose_encoder(self.headers.get("Accept", ""))
            self._answer(HTTPStatus.OK, encode(self._registry), kind)

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002 - as the base class calls it
        log.debug(format, *values)

    def _answer(self, status: HTTPStatus, body: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        if status is HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", "Bearer")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def open_server(settings: Settings) -> ThreadingHTTPServer:
    """Listens, and answers once somebody lets it."""
    registry = CollectorRegistry()
    registry.register(Warehouse(settings))
    handler = partial(Handler, _token(settings.metrics_token_file), registry)
    server = ThreadingHTTPServer((settings.metrics_host, settings.metrics_port), handler)
    server.daemon_threads = True
    return server


def serve(settings: Settings) -> None:
    with open_server(settings) as server:
        server.serve_forever()


def _token(file: Path | None) -> str:
    try:
        text = file.read_text(encoding="ascii").strip() if file and file.is_file() else ""
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"METRICS_TOKEN_FILE names {file}, which holds no token: byte {error.start + 1} of it is not ASCII."
        ) from error
    if not text:
        raise ConfigurationError(
            "METRICS_TOKEN_FILE must name a file that holds the token Prometheus shows; nobody sees metrics without one."
        )
    return text
