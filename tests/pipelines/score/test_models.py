"""More than one model: a new one finds what it has not read, a second one stands beside the first."""

from pathlib import Path

from chorus import paths
from chorus.config import Settings
from chorus.pipelines.compare_models import compare_models
from chorus.pipelines.score import score_all_pending
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
