"""What headers say about waiting, in every way they were seen to be written."""

from datetime import UTC, datetime, timedelta

import pytest

from chorus.sources.waits import LONGEST, Budget, budget, retry_after

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "Fri, 20 Nov 2026 12:01:00 GMT"}, 60),
        ({"Retry-After": "Fri, 20 Nov 2026 11:00:00 GMT"}, 0),
        ({"X-RateLimit-Reset": "2026-11-20T12:04:00.000Z"}, 240),
        ({"X-RateLimit-Reset": "2026-11-20T12:04:00.406957Z"}, 240.406957),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 17)}, 17),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) * 1000 + 17_500)}, 17.5),
        ({"X-RateLimit-Reset": "17"}, 17),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "17"}, 17),
    ],
)
def test_a_wait_is_understood(headers, seconds):
    assert retry_after(headers, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("headers", [{}, {"Retry-After": ""}, {"X-RateLimit-Reset": "soon"}])
def test_no_wait_is_none(headers):
    assert retry_after(headers, NOW) is None


@pytest.mark.parametrize(
    "text", ["99999999999", "inf", "1e300", "Fri, 20 Nov 2099 12:00:00 GMT"]
)
def test_nobody_waits_for_years(text):
    assert retry_after({"Retry-After": text}, NOW) == LONGEST


@pytest.mark.parametrize("text", ["nan", "-5"])
def test_nonsense_is_no_wait(text):
    assert retry_after({"Retry-After": text}, NOW) in {None, timedelta(0)}


def test_a_date_is_meant_by_the_servers_own_clock():
    headers = {
        "Date": "Fri, 20 Nov 2026 13:00:00 GMT",
        "X-RateLimit-Reset": "2026-11-20T13:01:00Z",
    }
    assert retry_after(headers, NOW) == timedelta(seconds=60)


def test_a_clock_that_agrees_with_ours_is_read_to_the_millisecond():
    now = NOW + timedelta(milliseconds=900)
    headers = {
        "Date": "Fri, 20 Nov 2026 12:00:00 GMT",
        "X-RateLimit-Reset": "2026-11-20T12:00:10.000Z",
    }
    assert retry_after(headers, now) == timedelta(seconds=9.1)


def test_a_budget_is_read():
    headers = {
        "X-RateLimit-Limit": "300",
        "X-RateLimit-Remaining": "196",
        "X-RateLimit-Reset": "2026-11-20T12:04:00.000Z",
    }
    assert budget(headers, NOW) == Budget(300, 196, timedelta(minutes=4))


@pytest.mark.parametrize("prefix", ["X-RateLimit-", "RateLimit-"])
@pytest.mark.parametrize(
    "told",
    [
        ("300", "196", "60"),
        ("300, 300", "196, 196", "60, 60"),
        ("300, 300;w=300", "196", "60"),
        ("300", "196", "2026-11-20T12:01:00Z, 2026-11-20T12:01:00Z"),
    ],
)
def test_a_budget_is_read_under_either_name_and_however_often_it_is_said(prefix, told):
    names = (f"{prefix}Limit", f"{prefix}Remaining", f"{prefix}Reset")
    headers = dict(zip(names, told, strict=True))
    assert budget(headers, NOW) == Budget(300, 196, timedelta(minutes=1))
    assert retry_after(headers, NOW) == timedelta(minutes=1)


@pytest.mark.parametrize(
    "flaw",
    [
        {"X-RateLimit-Limit": "many"},
        {"X-RateLimit-Limit": "0"},
        {"X-RateLimit-Limit": "-1"},
        {"X-RateLimit-Remaining": "nan"},
        {"X-RateLimit-Remaining": "inf"},
        {"X-RateLimit-Reset": "soon"},
    ],
)
def test_a_budget_that_makes_no_sense_is_none(flaw):
    headers = {
        "X-RateLimit-Limit": "300",
        "X-RateLimit-Remaining": "196",
        "X-RateLimit-Reset": "60",
    }
    assert budget({**headers, **flaw}, NOW) is None
