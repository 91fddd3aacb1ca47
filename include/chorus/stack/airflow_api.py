"""Airflow's REST API, as far as the first run needs it."""

from typing import Any

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from chorus.domain.errors import StackError
from chorus.stack.airflow_env import ADMIN

TIMEOUT = 30
UNAUTHORIZED = 401
SERVER_ERROR = 500
PAGE = 100
SILENT_FOR = 120.0


class AirflowApi:
    """Signs in by itself, again when a token has aged."""

    def __init__(self, address: str, password: str) -> None:
        self.address = address
        self._password = password
        self._session = requests.Session()
        # No proxy of the person's environment stands between two processes of one machine.
        self._session.trust_env = False

    def is_up(self) -> bool:
        """Whether both APIs answer and the scheduler and the dag-processor have reported to them."""
        try:
            # What tasks talk to takes seconds for its first answer: asked now, no task waits for it later.
            self._session.get(f"{self.address}/execution/health", timeout=TIMEOUT)
            answer = self._session.get(f"{self.address}/api/v2/monitor/health", timeout=TIMEOUT)
            answer.raise_for_status()
            health = answer.json()
        except requests.RequestException:
            return False
        parts = ("metadatabase", "scheduler", "dag_processor")
        return all((health.get(part) or {}).get("status") == "healthy" for part in parts)

    def get(self, path: str, **params: Any) -> Any:
        return self._ask("GET", path, params=params)

    def everything(self, path: str, key: str, **params: Any) -> list[dict[str, Any]]:
        """Every item of a listing, page by page."""
        items: list[dict[str, Any]] = []
        while True:
            page = self.get(path, limit=PAGE, offset=len(items), **params)
            items += page[key]
            if not page[key] or len(items) >= page["total_entries"]:
                return items

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask("POST", path, json=body)

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask("PATCH", path, json=body)

    def _ask(self, method: str, path: str, **what: Any) -> Any:
        if "Authorization" not in self._session.headers:
            self._sign_in()
        answer = self._send(method, f"/api/v2{path}", **what)
        if answer.status_code == UNAUTHORIZED:
            self._sign_in()
            answer = self._send(method, f"/api/v2{path}", **what)
        return self._content(answer)

    def _sign_in(self) -> None:
        body = {"username": ADMIN, "password": self._password}
        token = self._content(self._send("POST", "/auth/token", json=body))["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def _send(self, method: str, path: str, **what: Any) -> requests.Response:
        try:
            return self._session.request(
                method, f"{self.address}{path}", timeout=TIMEOUT, **what
            )
        except requests.RequestException as error:
            raise ApiSilent(f"Airflow's API does not answer {method} {path}.") from error

    def _content(self, answer: requests.Response) -> Any:
        if answer.status_code >= SERVER_ERROR:
            # 3.3.2 also does so while a run that an asset woke is still queued.
            raise ApiSilent(f"Airflow's API answers {answer.request.path_url} with an error.")
        if not answer.ok:
            request = f"{answer.request.method} {answer.request.path_url}"
            raise StackError(
                f"Airflow's API answered {request} with {answer.status_code}: {answer.text[:300]}."
            )
        return answer.json()


class ApiSilent(StackError):
    """The api-server has no answer for the moment; where it died the supervisor starts it again."""


def patiently() -> Retrying:
    """Call it with what may be asked twice: a silent API is asked again for a while."""
    return Retrying(
        retry=retry_if_exception_type(ApiSilent),
        stop=stop_after_delay(SILENT_FOR),
        wait=wait_fixed(1),
        reraise=True,
    )
