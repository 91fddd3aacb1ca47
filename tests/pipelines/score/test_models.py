"""More than one model: a new one finds what it has not read, a second one stands beside the first."""

from pathlib import Path

import pytest

from chorus import paths
from chorus.config import Settings
from chorus.pipelines.compare_models import compare_models
from chorus.pipelines.score import score_all_pending
from chorus.pipelines.score_totals import ScoreTotals
from chorus.sentiment.active import active_model_keys

RUN = "test/1"


def test_a_new_model_gets_what_it_has_not_read_and_a_known_one_does_not(
    mood, settings: Settings, runtime: Path, tmp_path: Path
):
    mood.say("1", "great")
    mood.say("2", "great", visibility="private")
    mood.say("3", "")
    mood.ask("delete from {bronze}.posts_to_score")
    first = score_all_pending(mood.connection, settings, RUN, runtime=runtime)
    again = score_all_pending(mood.connection, settings, RUN, runtime=runtime)
    assert [total.posts for total in first + again] == [1, 0]
    card = (paths.MODELS / "vader.toml").read_text()
    (tmp_path / "vader.toml").write_text(card.replace("as-is-1", "tweets-1"))
    changed = score_all_pending(
        mood.connection, settings, RUN, models=tmp_path, runtime=runtime
    )
    assert [total.posts for total in changed] == [1]
    assert mood.ask(
        "select preprocessing_version from {silver}.post_sentiments order by 1"
    ) == [("as-is-1",), ("tweets-1",)]


def test_a_second_model_beside_the_default_one_is_kept_but_not_shown(
    mood, settings: Settings, runtime: Path, tmp_path: Path
):
    card = (paths.MODELS / "vader.toml").read_text()
    (tmp_path / "vader.toml").write_text(card)
    (tmp_path / "second.toml").write_text(
        card.replace("as-is-1", "tweets-1").replace("[files]", "beside = true\n[files]")
    )
    mood.say("1", "@great")
    totals = score_all_pending(mood.connection, settings, RUN, models=tmp_path, runtime=runtime)
    assert [total.posts for total in totals] == [1, 1]
    assert mood.predictions() == 2
    label, scores = mood.ask("select sentiment_label, sentiment_scores from {toots}")[0]
    assert [(label, scores)] == mood.ask(
        "select label, scores from {silver}.post_sentiments where preprocessing_version = 'as-is-1'"
    )


@pytest.fixture
def two_defaults(tmp_path: Path) -> list[Path]:
    """Two folders of cards: of the same model, but the second does not hear what a person is called."""
    folders = [tmp_path / name for name in ("first", "second")]
    card = (paths.MODELS / "vader.toml").read_text()
    for folder, preprocessing in zip(folders, ("as-is-1", "tweets-1"), strict=True):
        folder.mkdir()
        (folder / "vader.toml").write_text(card.replace("as-is-1", preprocessing))
    return folders


def test_a_model_that_is_switched_on_again_gets_what_it_has_missed_and_its_mood_is_shown(
    mood, settings: Settings, runtime: Path, two_defaults: list[Path]
):
    def score(models: Path) -> list[ScoreTotals]:
        return score_all_pending(mood.connection, settings, RUN, models=models, runtime=runtime)

    first, second = two_defaults
    mood.say("1", "@love hello")
    score(first)
    assert mood.labels() == {"1": "positive"}
    score(second)
    assert mood.labels() == {"1": "neutral"}
    mood.say("2", "great")
    mood.ask("delete from {bronze}.posts_to_score")  # as transform would have queued it then
    mood.ask("delete from {bronze}.posts_to_load")
    (again,) = score(first)
    assert (again.texts_read, again.cache_hits) == (1, 1)
    assert mood.labels() == {"1": "positive", "2": "positive"}
    assert len(mood.ask("select uri from {bronze}.posts_to_load")) == 2
    assert score(first)[0].posts == 0


def test_nothing_waits_for_a_model_that_was_switched_off(
    mood, settings: Settings, runtime: Path, two_defaults: list[Path]
):
    first, second = two_defaults
    score_all_pending(mood.connection, settings, RUN, models=first, runtime=runtime)
    mood.say("1", "great")
    score_all_pending(mood.connection, settings, RUN, models=second, runtime=runtime)
    assert (mood.waiting(), mood.predictions()) == (0, 1)


def test_the_mood_of_a_model_that_stood_beside_is_shown_once_it_is_the_default(
    mood, settings: Settings, runtime: Path, tmp_path: Path
):
    card = (paths.MODELS / "vader.toml").read_text()
    beside = card.replace("as-is-1", "tweets-1").replace("[files]", "beside = true\n[files]")
    mood.say("1", "@love")
    for one, other in ((card, beside), (beside, card)):
        (tmp_path / "vader.toml").write_text(one)
        (tmp_path / "second.toml").write_text(other)
        score_all_pending(mood.connection, settings, RUN, models=tmp_path, runtime=runtime)
    assert mood.ask("select sentiment_scores from {toots}") == mood.ask(
        "select scores from {silver}.post_sentiments where preprocessing_version = 'tweets-1'"
    )


def test_two_models_are_compared_on_the_texts_that_both_have_read(
    mood, settings: Settings, runtime: Path, tmp_path: Path
):
    card = (paths.MODELS / "vader.toml").read_text()
    (tmp_path / "vader.toml").write_text(card)
    (tmp_path / "second.toml").write_text(
        card.replace("as-is-1", "tweets-1").replace("[files]", "beside = true\n[files]")
    )
    mood.say_many(
        ["great", "awful", "a table", "see https://great.example/ now", "@love hello"]
    )
    score_all_pending(mood.connection, settings, RUN, models=tmp_path, runtime=runtime)
    first, second = active_model_keys(settings, tmp_path)
    found = compare_models(mood.connection, settings, first, second, 100)
    assert (found.texts, found.flips) == (5, 1)
    assert found.cells["positive", "positive"] == 1
    assert found.agreement == 0.8
