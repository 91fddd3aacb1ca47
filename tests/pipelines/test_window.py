"""Which span a run reads: params, else the interval, else TIME_PERIOD_*."""

from datetime import UTC, datetime, timedelta

import pytest

from chorus.domain.errors import ConfigurationError
from chorus.domain.window import Window
from chorus.pipelines.window import resolve_window

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
DUE = datetime(2026, 11, 20, 10, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


def window(run_type="scheduled", interval=(NINE, TEN), **params):
    return resolve_window(
        params, run_type=run_type, interval=interval, run_after=DUE, time_period=2 * HOUR
    )


def test_a_scheduled_run_reads_its_interval():
    assert window() == Window(NINE, TEN)


def test_a_backfill_reads_its_interval():
    assert window("backfill") == Window(NINE, TEN)


def test_params_win_over_the_interval():
    assert window(hours=5) == Window(DUE - 5 * HOUR, DUE)
    assert window(days=1, until="2026-11-19T00:00:00Z") == Window(
        datetime(2026, 11, 18, tzinfo=UTC), datetime(2026, 11, 19, tzinfo=UTC)
    )
    assert window(
        since="2026-11-20T01:00:00+01:00", until="2026-11-20T02:00"
    ).since == datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize("interval", [(None, None), (NINE, TEN)])
def test_a_manual_run_looks_back_from_when_it_was_due_whatever_its_interval(interval):
    assert window("manual", interval) == Window(DUE - 2 * HOUR, DUE)


@pytest.mark.parametrize("run_type", ["scheduled", "backfill", "asset_triggered"])
@pytest.mark.parametrize("interval", [(None, None), (NINE, NINE)])
def test_an_empty_interval_is_an_error_and_not_an_empty_window(run_type, interval):
    with pytest.raises(ConfigurationError, match="CronDataIntervalTimetable"):
        window(run_type, interval)


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"hours": 1, "days": 1}, "hours and days each say"),
        ({"until": "2026-11-20T00:00:00Z"}, "until ends a window that nothing starts"),
        ({"since": "yesterday"}, "write it as"),
        ({"since": "2026-11-20T10:00Z", "until": "2026-11-20T09:00Z"}, "is empty"),
    ],
)
def test_params_that_contradict_each_other_are_said_in_a_sentence(params, complaint):
    with pytest.raises(ConfigurationError, match=complaint):
        window("manual", (None, None), **params)
