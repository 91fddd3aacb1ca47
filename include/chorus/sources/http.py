"""The one HTTP client: one session per instance, polite, bounded in time and memory, with our own errors."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, NoReturn, Protocol, Self

import requests
import urllib3
from tenacity import (
    RetryCallState,
    Retrying,
    before_sleep_log,
    retry_if_exception,
    stop_after_attempt,
)
from tenacity.wait import wait_exponential_jitter

from chorus.domain.errors import (
    SourceChanged,
    SourceError,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from chorus.domain.pace import PATIENCE
from chorus.sources import body, links, waits
from chorus.sources.deadline import Deadline, DeadlineAdapter

log = logging.getLogger(__name__)

USER_AGENT = f"chorus/{version('chorus')} (social listening; python-requests)"
MOST_REDIRECTS = 3
ATTEMPTS = 4
LONGEST_CONNECT = 10.0
PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY}
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
# Mastodon says 422 where a timeline is closed to visitors.
WANTS_A_TOKEN = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
# What a library may raise over what a server says; some of it escapes from below `requests`.
BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)

# A list stands in the query once for each of its texts.
Query = Mapping[str, str | Sequence[str]]


class Gate(Protocol):
    """What all readers of an instance agree on: when the next request is due, and how it went."""

    def wait_for_turn(self) -> None:
        """Return when a request may be sent; SourceUnavailable when that is too far off to wait for."""

    def answered(self, budget: waits.Budget | None) -> None:
        """The instance works, whatever it said."""

    def slowed(self, wait: timedelta | None) -> None:
        """It works, and asked us to slow down."""

    def failed(self, error: SourceUnavailable) -> None:
        """It does not work."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: JSON, the parameters of its `next` link, and when it came."""

    body: Any
    next_page: Mapping[str, str] | None
    observed_at: datetime


class _Session(requests.Session):
    """Follows nothing by itself: to be ready for that it reads all of a redirect's body, however long it is."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        pass


class Http:
    """Reads JSON from one instance and turns every way that can fail into a SourceError."""

    def __init__(
        self, base_url: str, gate: Gate, *, timeout: float = 30, token: str | None = None
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.requests = 0
        self._gate = gate
        self._timeout = timeout
        self._session = _Session()
        self._session.trust_env = False
        self._session.headers.update(
            {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"}
        )
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.mount("http://", DeadlineAdapter())
        self._session.mount("https://", DeadlineAdapter())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(self, path: str, params: Query | None = None) -> Answer:
        """Ask, again where that may help; the last error stands when it does not."""
        return self._again(ATTEMPTS, path, params or {})

    def get_unless_it_breaks(self, path: str) -> Answer:
        """What a server may break on without being out of order: SourceChanged, which counts as an answer."""
        return self._again(ATTEMPTS // 2, path, {}, may_break=True)

    def _again(self, most: int, path: str, params: Query, *, may_break: bool = False) -> Answer:
        attempts = Retrying(
            retry=retry_if_exception(worth_another_try),
            stop=stop_after_attempt(most),
            wait=nap,
            before_sleep=before_sleep_log(log, logging.WARNING),
            reraise=True,
        )
        return attempts(self._ask, path, params, may_break=may_break)

    def _ask(self, path: str, params: Query, *, may_break: bool) -> Answer:
        self._gate.wait_for_turn()
        self.requests += 1
        try:
            reply = self._exchange(f"{self.base_url}{path}", params)
        except SourceUnavailable as error:
            self._gate.failed(error)
            raise
        except SourceError:
            self._gate.answered(None)
            raise
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            slower = _unavailable(reply)
            self._gate.slowed(slower.retry_after)
            raise slower
        if reply.status in PASSING or reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            broken = _unavailable(reply)
            if may_break and broken.retry_after is None:
                self._gate.answered(None)
                raise SourceChanged(str(broken))
            self._gate.failed(broken)
            raise broken
        self._gate.answered(waits.budget(reply.headers, reply.observed_at))
        if reply.text is None:
            _refuse(reply)
        return Answer(body.parse(reply.url, reply.text), reply.next_page, reply.observed_at)

    def _exchange(self, url: str, params: Query) -> "_Reply":
        late = f"{url} took longer than {self._timeout:g} s."
        with Deadline(self._timeout) as deadline:
            try:
                with closing(self._follow(url, params)) as response:
                    is_well = response.status_code < HTTPStatus.MULTIPLE_CHOICES
                    text = body.read(response) if is_well else None
            except BROKEN as error:
                why = late if deadline.passed else f"{url} did not answer: {_why(error)}."
                raise SourceUnavailable(why) from error
        if deadline.passed:
            raise SourceUnavailable(late)
        return _Reply(
            url=response.url,
            status=response.status_code,
            headers=response.headers,
            next_page=links.next_page(response),
            text=text,
            observed_at=datetime.now(UTC),
        )

    def _follow(self, url: str, params: Query) -> requests.Response:
        ask = self._session.get
        response = ask(url, params=dict(params), **self._how())
        for _ in range(MOST_REDIRECTS):
            if not response.is_redirect:
                return response
            response.close()
            response = ask(links.redirect_goal(response, url), **self._how())
        response.close()
        raise SourceChanged(f"{url} redirects in circles.")

    def _how(self) -> dict[str, Any]:
        connect = min(self._timeout, LONGEST_CONNECT)
        return {
            "timeout": (connect, self._timeout),
            "stream": True,
            "allow_redirects": False,
        }


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer as it came; the text only of one that says all went well."""

    url: str
    status: int
    headers: Mapping[str, str]
    next_page: Mapping[str, str] | None
    text: bytes | None
    observed_at: datetime


def _unavailable(reply: _Reply) -> SourceUnavailable:
    wait = waits.retry_after(reply.headers, reply.observed_at)
    asks = f" and asks for {wait.total_seconds():.0f} s" if wait is not None else ""
    return SourceUnavailable(f"{reply.url} answered {reply.status}{asks}.", wait)


def _refuse(reply: _Reply) -> NoReturn:
    if reply.status in GONE:
        message = f"{reply.url} is not there ({reply.status}): check the target's name."
        raise SourceGone(message, reply.status)
    advice = "check the target in targets.yaml"
    if reply.status in WANTS_A_TOKEN:
        advice = (
            "it wants a token that it accepts (MASTODON_ACCESS_TOKEN), or the target must go"
        )
    raise SourceRefused(f"{reply.url} refuses us with {reply.status}: {advice}.")


def worth_another_try(error: BaseException) -> bool:
    if not isinstance(error, SourceUnavailable):
        return False
    return error.retry_after is None or error.retry_after <= PATIENCE


def nap(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, SourceUnavailable) else None
    jitter: float = wait_exponential_jitter(initial=0.5, max=20)(state)
    return jitter if asked is None else asked.total_seconds() + min(jitter, 1.0)


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"
