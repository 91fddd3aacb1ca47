"""`make status`, against what a running stack leaves in its lock and what Airflow answers."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from pytest_httpserver import HTTPServer

from chorus import paths


@pytest.fixture
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("status", paths.ROOT / "tools" / "status.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lock(folder: Path, address: str) -> Path:
    file = folder / "lock"
    file.write_text(json.dumps({"process": 1, "address": address}))
    return file


def test_a_running_stack_is_shown_with_its_address_and_parts(
    tool: ModuleType, tmp_path: Path, httpserver: HTTPServer
) -> None:
    health = {"metadatabase": {"status": "healthy"}, "scheduler": {"status": "unhealthy"}}
    httpserver.expect_request("/api/v2/monitor/health").respond_with_json(health)
    address = httpserver.url_for("").rstrip("/")
    said = tool.status(lock(tmp_path, address)).splitlines()
    assert said == [address, "metadatabase   healthy", "scheduler      unhealthy"]


def test_where_nothing_runs_a_sentence_says_what_would(
    tool: ModuleType, tmp_path: Path
) -> None:
    for file in (tmp_path / "no lock", lock(tmp_path, "http://127.0.0.1:9")):
        with pytest.raises(SystemExit, match="`make run` starts it"):
            tool.status(file)
