"""What the stack says, to people and to those who collect logs."""

import io
import json

import pytest
from rich.console import Console

from chorus.stack.voice import Voice

ROWS = [("bronze", "raw_events", "1,234")]


@pytest.fixture
def said():
    return io.StringIO()


@pytest.fixture
def voice(said):
    def voice(**how):
        return Voice(Console(file=said, width=40), **how)

    return voice


def speak(voice):
    voice.say("Airflow: [bold]here[/] :smile: " + "and so on " * 20 + "\nñ")
    voice.event("scheduler", "was killed by SIGKILL; starts again in 0.5 s", run="dag/1")
    voice.table("What landed", ("layer", "table", "rows"), ROWS)


def test_people_read_lines_and_tables(voice, said):
    speak(voice())
    text = said.getvalue()
    assert "[bold]here[/] :smile:" in text
    assert "scheduler      was killed by SIGKILL" in text
    assert "dag/1" not in text
    assert "raw_events" in text


def test_in_json_every_line_is_an_event_however_long_it_is(voice, said):
    speak(voice(in_json=True))
    told = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [line["event"].split()[0] for line in told] == ["Airflow:", "was", "What"]
    assert told[0]["event"].endswith("\nñ")
    assert (told[1]["component"], told[1]["run"]) == ("scheduler", "dag/1")
    assert told[2]["rows"] == [dict(zip(("layer", "table", "rows"), ROWS[0], strict=True))]
    assert all(line.keys() >= {"timestamp", "level", "logger"} for line in told)
