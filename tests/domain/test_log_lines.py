"""The log of a process of ours, for people and as an object a line."""

import json
import subprocess
import sys

import pytest

LOGS = """
import logging, sys
from chorus.domain.log_lines import log_to_stderr
log_to_stderr(in_json=sys.argv[1] == "json")
log = logging.getLogger("chorus.exporter")
log.warning("There are no %s this time:\\nnone", "metrics")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("It broke.")
"""


@pytest.fixture
def logged():
    def logged(how):
        command = [sys.executable, "-c", LOGS, how]
        return subprocess.run(command, capture_output=True, text=True, check=True).stderr

    return logged


def test_in_json_every_line_is_an_event_and_a_traceback_is_part_of_one(logged):
    [warning, error] = map(json.loads, logged("json").splitlines())
    assert warning["event"] == "There are no metrics this time:\nnone"
    assert (warning["level"], warning["logger"]) == ("warning", "chorus.exporter")
    assert warning["timestamp"].startswith("20")
    assert "ZeroDivisionError" in error["exception"]


def test_people_read_it_as_it_is(logged):
    assert " WARNING There are no metrics this time:\nnone\n" in logged("plain")
