"""Each rule says in one sentence whether it holds, and turns red where it should."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chorus.domain.errors import SourcePaused
from chorus.domain.rules import RULES, WATCHED
from chorus.domain.thresholds import Thresholds
from chorus.pipelines import room, watch
from chorus.pipelines.runs import close_run, step
from chorus.pipelines.watching import CHECKS, look

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def found(warehouse, warehouse_settings):
    """What a rule finds now."""

    def found(name, **settings):
        warehouse.rollback()
        return CHECKS[name](warehouse, warehouse_settings.model_copy(update=settings))

    return found


@pytest.fixture
def instance(owner):
    """An instance, as tasks last knew it."""

    def instance(name, *, ago=timedelta(0), breaker="closed", error=None):
        owner.execute(
            "insert into ops.source_state"
            " (source, instance, last_success_at, breaker, failures_in_a_row, opened_at, last_error)"
            " values ('mastodon', %s, now() - %s, %s, 5, now(), %s)",
            (name, ago, breaker, error),
        )

    return instance


def test_every_watched_rule_is_looked_at():
    assert {rule.name for rule in WATCHED} - CHECKS.keys() == {"disk", "webhook"}
    assert CHECKS.keys() < RULES.keys()


def test_an_empty_warehouse_breaks_no_rule_but_silence(found):
    findings = {name: found(name) for name in CHECKS}
    assert [name for name, finding in findings.items() if not finding.is_well] == ["silence"]
    assert all(finding.sentence.endswith(".") for finding in findings.values())


def test_silence_is_two_hours_without_a_run_that_ingested(found, ran):
    assert found("silence").sentence == "Nothing was ever ingested."
    ran(failed=("a",))
    assert found("silence").sentence == "The first run has begun."
    ran(failed=("a",), ago=3 * HOUR)
    assert not found("silence").is_well
    ran(ago=3 * HOUR)
    assert not found("silence").is_well
    assert found("silence", thresholds=Thresholds(silent_hours=4)).is_well
    ran(failed=("a",))
    assert not found("silence").is_well
    ran("silver_star", source=None)
    assert not found("silence").is_well
    ran(targets=("a", "b"), failed=("a",))
    assert found("silence").is_well


def test_a_second_look_ingests_nothing(found, ran):
    ran(ago=3 * HOUR)
    ran("bronze_mastodon_remeasure", window=None)
    assert not found("silence").is_well


def test_a_window_that_held_nothing_was_read_all_the_same(found, ran):
    ran(events=0)
    assert found("silence").is_well


def test_what_reads_every_six_hours_may_be_silent_for_twelve(found, ran):
    ran("bronze_reddit", source="reddit", window=6 * HOUR, ago=11 * HOUR)
    assert found("silence").is_well
    ran(ago=12 * HOUR)
    assert not found("silence").is_well, "the hours of Mastodon are missing"


def test_a_source_that_nobody_reads_any_more_makes_no_silence(found, ran):
    ran("bronze_reddit", source="reddit", window=6 * HOUR, ago=5 * HOUR)
    ran(ago=28 * HOUR)
    assert not found("silence").is_well
    ran("bronze_reddit", source="reddit", window=6 * HOUR, ago=3 * HOUR)
    assert found("silence").is_well


def test_three_failures_in_a_row_are_too_many(found, ran):
    ran()
    for _ in range(2):
        ran(failed=("a",))
    ran("silver_star", failed=("a",))
    assert found("failing").is_well
    ran(failed=("a",))
    finding = found("failing")
    assert (
        finding.sentence == "bronze_mastodon failed 3 times in a row, last with: a is broken."
    )
    ran()
    assert found("failing").is_well


def test_one_run_that_was_closed_again_and_again_is_one_failure(found, ran, warehouse):
    ran()
    run = ran(failed=("a",))
    for _ in range(2):
        close_run(warehouse, run)
    assert found("failing").is_well


def test_an_instance_is_stale_after_two_windows_of_its_source(
    found, ran, instance, owner, tmp_path
):
    targets = tmp_path / "targets.yaml"
    targets.write_text(
        "mastodon:\n- {instance: a.example, hashtags: [x]}\n- {instance: b.example, hashtags: [x]}\n"
    )
    ran(window=2 * HOUR)
    instance("a.example", ago=3 * HOUR)
    instance("b.example", ago=5 * HOUR, error="b.example answered 502.")
    instance("forgotten.example", ago=DAY)
    finding = found("freshness", targets_file=targets)
    assert not finding.is_well
    assert (
        finding.sentence == "mastodon b.example answered 5 hours ago (b.example answered 502.)."
    )
    owner.execute("delete from ops.source_state where instance = 'b.example'")
    assert found("freshness", targets_file=targets).sentence == (
        "mastodon a.example answered 3 hours ago; mastodon b.example was not asked yet."
    )


def test_a_breaker_that_is_open_is_named_as_long_as_its_instance_is_a_target(
    found, instance, tmp_path
):
    targets = tmp_path / "targets.yaml"
    targets.write_text(
        "mastodon:\n- {instance: a.example, hashtags: [x]}\n- {instance: b.example, hashtags: [x]}\n"
    )
    instance("a.example")
    instance("forgotten.example", breaker="open")
    assert found("breakers", targets_file=targets).is_well
    instance("b.example", breaker="open", error="b.example answered 502.")
    finding = found("breakers", targets_file=targets)
    assert not finding.is_well
    assert "b.example is left alone (open)" in finding.sentence
    assert "a.example" not in finding.sentence


def test_dead_letters_are_counted_and_too_many_are_trouble(found, owner):
    owner.execute(
        "insert into bronze.dead_letters (stage, post_id, error_class, error)"
        " select 'transform', n::text, 'Rejected', 'no date' from generate_series(1, 3) as n"
    )
    assert found("dead_letters").sentence == "3 dead letters are open: 3 Rejected."
    assert found("dead_letters").is_well
    assert not found("dead_letters", thresholds=Thresholds(open_dead_letters=2)).is_well
    owner.execute("update bronze.dead_letters set discarded_at = now()")
    assert found("dead_letters").sentence == "No dead letter is open."


def test_more_than_a_tenth_of_failed_steps_in_five_minutes_is_trouble(found, ran):
    many = tuple(map(str, range(10)))
    ran(targets=many, failed=("1",), ago=HOUR)
    assert found("errors").is_well
    ran(targets=many, failed=("1", "2"), ago=2 * HOUR)
    finding = found("errors")
    assert not finding.is_well
    assert finding.sentence.startswith("2 of 10 steps failed in the five minutes from")
    assert "RuntimeError" in finding.sentence


def test_what_a_retry_mended_is_no_error_any_more_and_a_pause_never_was_one(
    found, ran, warehouse
):
    run = ran(failed=("a",))
    assert not found("errors").is_well
    with step(warehouse, run, "extract", "a"):
        pass
    assert found("errors").is_well
    with pytest.raises(SourcePaused), step(warehouse, run, "extract", "a"):
        raise SourcePaused("a.example asks for 300 s.")
    assert found("errors").is_well


def test_what_was_seen_at_the_last_look_is_not_seen_again(found, ran, warehouse_settings):
    ran(failed=("a",))
    rule = RULES["errors"]
    assert not look(rule, CHECKS["errors"], warehouse_settings, []).is_well
    assert look(rule, CHECKS["errors"], warehouse_settings, []).is_well


def test_five_minutes_are_counted_whole_although_the_last_look_was_in_the_middle(
    found, ran, owner
):
    """Ten steps went well before that look, one failed after it."""
    middle = "date_bin('5 minutes', now(), 'epoch') - interval '58 minutes'"
    owner.execute(
        "insert into ops.watch_state (rule, is_well, sentence, looked_at)"
        f" values ('errors', true, '.', {middle})"
    )
    well, failed = ran(targets=tuple(map(str, range(10)))), ran(targets=("a",), failed=("a",))
    for run, after in ((well, -1), (failed, 1)):
        owner.execute(
            f"update bronze.pipeline_steps set finished_at = {middle} + {after} * interval '1 minute'"
            " where pipeline_run_id = %s",
            [run],
        )
    assert found("errors").is_well
    owner.execute("delete from bronze.pipeline_steps where pipeline_run_id = %s", [well])
    assert not found("errors").is_well


def test_the_last_score_of_a_source_counts(found, ran, owner):
    for score in (99.0, 70.5):
        run = ran()
        owner.execute(
            "insert into ops.quality_results"
            " (pipeline_run_id, measure, value, passed, rows_checked, rows_failed)"
            " values (%(run)s, 'score', %(score)s, true, 1, 0), (%(run)s, 'validity', 0.5, false, 1, 0)",
            {"run": run, "score": score},
        )
    finding = found("quality")
    assert finding.sentence == "mastodon scored 70.5 of 100, below 80 (validity)."
    assert not finding.is_well


def test_posts_that_wait_for_a_model_for_hours_are_trouble(found, owner):
    owner.execute(
        "insert into bronze.posts_to_score (source, instance, post_id, model_key)"
        " values ('mastodon', 'a', '1', 'vader')"
    )
    assert found("model_host").is_well
    assert found("model_host").sentence.startswith("1 posts wait for vader since")
    owner.execute("update bronze.posts_to_score set queued_at = now() - interval '3 hours'")
    assert not found("model_host").is_well


def test_a_layer_is_late_by_its_deadline(found, owner):
    owner.execute("insert into bronze.posts_to_load (uri) values ('https://a.example/1')")
    assert found("late_layers").is_well
    owner.execute("update bronze.posts_to_load set queued_at = now() - interval '31 minutes'")
    owner.execute(
        "update analytics.view_state set changes = 2, changed_at = now() - interval '1 hour'"
    )
    sentence = found("late_layers").sentence
    assert "silver waits" in sentence
    assert "gold waits" in sentence


def test_the_coming_weeks_get_their_partitions(found, warehouse):
    assert found("partitions").sentence.startswith("3 weeks of raw events")
    ahead = (datetime.now(UTC) + timedelta(weeks=2)).isocalendar()
    [table] = warehouse.execute(
        "select to_regclass(%s)", [f"bronze.raw_events_{ahead.year}w{ahead.week:02}"]
    ).fetchone()
    assert table is not None


def test_a_full_disk_is_trouble(warehouse_settings, tmp_path):
    assert room.disk(
        warehouse_settings.model_copy(update={"thresholds": Thresholds(disk_free_gb=0)}),
        [tmp_path],
    ).is_well
    greedy = warehouse_settings.model_copy(update={"thresholds": Thresholds(disk_free_gb=1e9)})
    finding = room.disk(greedy, [tmp_path / "nowhere"])
    assert not finding.is_well
    assert "1e+09 GB are wanted" in finding.sentence


@pytest.mark.parametrize("folder", ["data_dir", "archive_dir"])
def test_the_disk_of_what_is_written_beside_the_warehouse_is_looked_at(
    warehouse_settings, folder
):
    if not Path("/dev/shm").exists():
        pytest.skip("there is no second disk")
    elsewhere = warehouse_settings.model_copy(update={folder: "/dev/shm"})
    assert "GB at /dev/shm" in room.disk(elsewhere).sentence
    assert "/dev/shm" not in room.disk(warehouse_settings).sentence


def test_a_target_file_that_is_wrong_is_a_finding(warehouse_settings, tmp_path, heard):
    broken = tmp_path / "targets.yaml"
    broken.write_text("mastodon: 7")
    settings = warehouse_settings.model_copy(update={"targets_file": broken})
    finding = look(RULES["freshness"], watch.freshness, settings, [heard])
    assert not finding.is_well
    assert heard.headlines == [finding.sentence]


def test_a_run_that_is_cleared_ends_twice_and_counts_what_was_done_anew(ran, warehouse):
    run = ran(targets=("a", "b"), failed=("b",))
    with step(warehouse, run, "extract", "b") as counts:
        counts.update(events_extracted=5)
    close_run(warehouse, run)
    endings = warehouse.execute(
        "select state, (counts ->> 'events_extracted')::int from ops.job_endings order by id"
    ).fetchall()
    assert endings == [("partial", 20), ("success", 5)]
    [failures] = warehouse.execute(
        "select failures from bronze.pipeline_steps where target = 'b'"
    ).fetchone()
    assert failures == 1
