"""The trigger form takes what makes sense and nothing else; what it takes can be no template."""

import pytest


@pytest.fixture
def params():
    from chorus.orchestration.params import SOURCE_PARAMS

    return SOURCE_PARAMS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("instances", ["mastodon.social", "127.0.0.1:8080"]),
        ("hashtags", ["#python", "データ", "data_engineering"]),
        ("hours", 24),
        ("days", 7),
        ("since", "2026-11-20T09:00:00Z"),
        ("until", "2026-11-20 09:00"),
        ("until", "2026-11-20"),
        ("until", "2026-11-20T09:00:00.123+01:00"),
        ("until", None),
    ],
)
def test_what_people_mean_is_taken(params, name, value):
    assert params[name].resolve(value) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("instances", "mastodon.social"),
        ("instances", ["https://mastodon.social"]),
        ("hashtags", ["two words"]),
        ("hashtags", ["{{ 7*7 }}"]),
        ("hours", 0),
        ("hours", "3"),
        ("days", 10_000),
        ("since", 20261120),
        ("since", ""),
        ("since", "yesterday"),
        ("since", "2026-13-45T00:00:00Z"),
        ("since", "2026-11-20T25:00:00Z"),
        ("since", "2026-11-20T09:00:00Z\n"),
        ("instances", ["mastodon.social\n"]),
        ("hashtags", ["python\n"]),
    ],
)
def test_what_makes_no_sense_is_refused(params, name, value):
    from airflow.sdk.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError):
        params[name].resolve(value)
