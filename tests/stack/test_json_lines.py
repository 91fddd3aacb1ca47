"""What processes that know no JSON say is an object a line all the same."""

import json
import sys
import time

import pytest

from chorus.stack.child import Child, Component
from chorus.stack.json_lines import LONGEST, JsonLines
from chorus.stack.rotating_log import RotatingLog

POSTGRES = "2026-11-30 02:22:01.123 UTC [12] "
SAID = {
    f"{POSTGRES}LOG:  database system is ready": "info",
    f'{POSTGRES}ERROR:  relation "x" does not exist': "error",
    f"{POSTGRES}FATAL:  terminating connection": "critical",
    f"{POSTGRES}PANIC:  could not write to file: No space left on device": "critical",
    f"{POSTGRES}LOG:  statement: select 'ERROR'": "info",
    "12:M 30 Nov 2026 02:22:01.123 * Ready to accept connections": "info",
    "\tselect 'it''s ñ \u2028'": "info",
    '["no object"]': "info",
    '{"pid": 12}': "info",
    "{" * 5_000: "info",
}


@pytest.fixture
def lines(tmp_path):
    return JsonLines(RotatingLog(tmp_path / "log"), "postgres")


def told(tmp_path):
    return [json.loads(line) for line in (tmp_path / "log").read_text().split("\n")[:-1]]


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_each_line_is_an_event_with_its_level_however_it_is_cut(tmp_path, lines, size):
    said = "\n".join(SAID).encode()
    for start in range(0, len(said), size):
        lines.write(said[start : start + size])
    lines.close()
    found = told(tmp_path)
    assert [(line["event"], line["level"]) for line in found] == list(SAID.items())
    assert {line["logger"] for line in found} == {"postgres"}
    assert all(line["timestamp"].startswith("20") for line in found)


def test_what_is_an_event_already_stays_as_it_is(tmp_path, lines):
    event = b'{"timestamp": "2026", "level": "info", "event": "ERROR is a word", "more": 1}\n'
    lines.write(event)
    lines.close()
    assert (tmp_path / "log").read_bytes() == event


def test_a_line_without_end_is_cut_and_what_is_no_text_is_shown_all_the_same(tmp_path, lines):
    lines.write(b"x" * (LONGEST + 1))
    lines.write(b"\xff\n\n")
    lines.close()
    assert [len(line["event"]) for line in told(tmp_path)] == [LONGEST + 1, 1]


def test_the_last_words_of_a_child_that_dies_in_the_middle_of_a_line_are_kept(tmp_path):
    code = "import os; os.write(2, b'half a li'); os.abort()"
    component = Component("redis", (sys.executable, "-c", code), tmp_path / "log")
    Child(component, in_json=True).process.wait()
    patience = time.monotonic() + 10
    while not (said := told(tmp_path)):
        assert time.monotonic() < patience
        time.sleep(0.02)
    assert [(line["logger"], line["event"]) for line in said] == [("redis", "half a li")]
