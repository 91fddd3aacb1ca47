"""A warehouse in which things went as a test says, and a channel that keeps what it is told."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from chorus.domain.errors import ChannelUnavailable
from chorus.domain.window import Window
from chorus.pipelines.runs import close_run, open_run, step

HOUR = timedelta(hours=1)


@dataclass
class Heard:
    """A channel that keeps what it is told."""

    name: str = "mail"
    alarms: list = field(default_factory=list)
    deaf: bool = False
    error: Exception | None = None

    def send(self, alarm):
        if self.deaf:
            raise self.error or ChannelUnavailable("The mail server is down.")
        self.alarms.append(alarm)

    @property
    def headlines(self):
        return [alarm.headline for alarm in self.alarms]


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture(autouse=True)
def _notes_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def ran(warehouse, warehouse_settings, owner):
    """A run of a DAG as the pipelines write it down, some time ago; `targets` that fail are named. One that looks again
    at what is known has a source and no window."""
    number = 0

    def ran(
        dag="bronze_mastodon",
        *,
        ago=timedelta(0),
        failed=(),
        targets=("a",),
        source="mastodon",
        window=HOUR,
        events=10,
    ):
        nonlocal number
        number += 1
        run = f"{dag}/run_{number}"
        until = datetime.now(UTC) - ago
        read = Window(until - window, until) if source and window else None
        open_run(warehouse, warehouse_settings, run, source=source, window=read)
        for target in targets:
            with suppress(RuntimeError), step(warehouse, run, "extract", target) as counts:
                counts.update(events_extracted=events)
                if target in failed:
                    raise RuntimeError(f"{target} is broken")
        close_run(warehouse, run)
        moved = {"ago": ago, "run": run}
        for table, columns in (
            ("ops.job_endings", ("started_at", "ended_at")),
            ("bronze.pipeline_runs", ("started_at", "finished_at")),
            ("bronze.pipeline_steps", ("started_at", "finished_at")),
        ):
            sets = ", ".join(f"{column} = {column} - %(ago)s" for column in columns)
            owner.execute(f"update {table} set {sets} where pipeline_run_id = %(run)s", moved)
        return run

    return ran
