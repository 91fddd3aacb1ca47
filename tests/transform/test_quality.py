"""How good a run was, measured from what it wrote."""

from datetime import UTC, datetime, timedelta

import pytest

from chorus.pipelines.quality import measure_quality

TOOTS = "transformed_toots_with_sentiment_data"


@pytest.fixture
def measure(warehouse, warehouse_settings):
    return lambda run: measure_quality(warehouse, run, warehouse_settings)


def test_a_run_without_flaws_scores_100(saw, transform, rows, status, measure):
    for number in range(3):
        saw(status(str(number), content=f"<p>post {number}</p>"))
    transform("run")

    found = measure("run")

    shares = {"completeness", "uniqueness", "validity", "consistency"}
    assert {name: found[name] for name in shares} == dict.fromkeys(shares, 1.0)
    assert found["score"] == 100
    kept = {row["measure"]: row for row in rows("select * from ops.quality_results")}
    assert kept.keys() == found.keys()
    assert kept["consistency"]["passed"] is True
    assert kept["consistency"]["rows_checked"] == 3


def test_each_flaw_lowers_its_share_and_is_counted_by_name(
    saw, transform, rows, *, status, measure, warehouse
):
    saw(status("1", edited_at="2026-07-01T00:00:00Z", content="<p>one</p>"))
    saw(status("2", in_reply_to_account_id="8", content="<p>two</p>"))
    saw(status("3", content="<p>three</p>", url=None, language=None, replies_count=None))
    saw(status("4", content="<p>the same words</p>"))
    saw(
        status("5", content="<p>the same words</p>", uri="https://b.example/5"),
        instance="b.example",
    )
    saw(status("6", content=""))
    transform("run")
    warehouse.execute(f"update bronze.{TOOTS} set sentiment_confidence = 1.5 where id = '1'")

    found = measure("run")

    kept = {row["measure"]: row for row in rows("select * from ops.quality_results")}
    failed = {name: row["rows_failed"] for name, row in kept.items()}
    assert failed["edited_after_created"] == 1
    assert failed["reply_has_parent"] == 1
    assert failed["confidence_in_range"] == 1
    assert failed["media_counted"] == 0
    assert failed["consistency"] == 2, "a row with two flaws is one inconsistent row"
    assert failed["completeness"] == 3
    assert failed["uniqueness"] == 2
    assert (failed["validity"], kept["validity"]["rows_checked"]) == (1, 6)
    assert found["score"] == pytest.approx(
        25 * ((1 - 3 / 35) + (1 - 2 / 5) + (1 - 1 / 6) + (1 - 2 / 5))
    )


def test_the_same_words_elsewhere_are_counted_and_kept(saw, transform, rows, status, later):
    saw(status("1"))
    assert transform().duplicates == 0
    saw(status("1", favourites_count=9), observed_at=later(1))
    assert transform().duplicates == 0, "a post is no duplicate of itself"
    saw(status("2"), observed_at=later(2))
    assert transform().duplicates == 1
    assert len(rows(TOOTS)) == 2


def test_measuring_again_overwrites(saw, transform, rows, status, measure):
    saw(status())
    transform("run")
    assert measure("run") == measure("run")
    names = [row["measure"] for row in rows("select measure from ops.quality_results")]
    assert len(names) == len(set(names))


def test_a_run_that_wrote_nothing_has_nothing_wrong(measure):
    assert measure("empty")["score"] == 100


def test_an_hour_with_far_more_posts_than_usual_is_unusual(
    saw, transform, rows, *, status, measure
):
    burst = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)

    def post(number, at, observed):
        created = at.isoformat().replace("+00:00", "Z")
        saw(status(f"{number}", created_at=created), occurred_at=at, observed_at=observed)

    for hours in range(1, 49):
        post(hours, burst - timedelta(hours=hours), burst)
    transform("usual")
    for number in range(100, 140):
        post(number, burst, burst + timedelta(hours=1))
    transform("burst")

    assert measure("usual")["usual_posts_per_hour"] == 1
    assert measure("burst")["usual_posts_per_hour"] == 0
