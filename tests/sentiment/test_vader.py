import itertools
import threading
import time
from pathlib import Path

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from chorus.domain.errors import ModelMismatch
from chorus.sentiment.backends.base import open_backend
from chorus.sentiment.backends.vader import LONGEST, VaderBackend, probabilities
from chorus.sentiment.cards import ModelCard

EVERY_COMPOUND = [step / 10_000 for step in range(-10_000, 10_001)]


def published_label(compound: float) -> str:
    if compound >= 0.05:
        return "positive"
    return "negative" if compound <= -0.05 else "neutral"


def test_the_likeliest_label_is_the_one_vader_publishes_for_every_compound(vader: ModelCard):
    for compound in EVERY_COMPOUND:
        scores = probabilities(compound)
        likeliest = vader.labels[scores.index(max(scores))]
        assert likeliest == published_label(compound), compound
        assert max(scores) >= 0.5
        assert sum(scores) == pytest.approx(1)


def test_a_stronger_compound_is_a_stronger_mood():
    moods = [p[2] - p[0] for p in map(probabilities, EVERY_COMPOUND)]
    assert all(earlier < later for earlier, later in itertools.pairwise(moods))
    assert (moods[0], moods[-1]) == (-1, 1)


def test_recorded_tweets_get_the_label_of_the_lexicon_itself(vader: ModelCard, corpora: Path):
    lines = (corpora / "sentiment" / "vader_tweets.tsv").read_text().splitlines()[:500]
    texts = [line.split("\t")[2] for line in lines]
    analyzer = SentimentIntensityAnalyzer()
    for text, scores in zip(
        texts, open_backend(vader, "cpu", "exact").predict(texts), strict=True
    ):
        label = vader.labels[scores.index(max(scores))]
        assert label == published_label(analyzer.polarity_scores(text)["compound"])


def test_another_version_than_the_card_names_is_refused(vader: ModelCard):
    with pytest.raises(ModelMismatch, match="mend one of them"):
        VaderBackend(vader.model_copy(update={"revision": "3.2.0"}))


def test_another_lexicon_than_the_card_names_is_refused(vader: ModelCard):
    with pytest.raises(ModelMismatch, match="not what its card says"):
        VaderBackend(vader.model_copy(update={"files": {"vader_lexicon.txt": "0" * 64}}))


def test_two_callers_are_read_one_after_the_other_so_that_the_first_can_write_meanwhile(
    vader: ModelCard,
):
    backend = VaderBackend(vader)
    seen: list[str] = []

    class Analyzer:
        def polarity_scores(self, text: str) -> dict[str, float]:
            seen.append(text)
            time.sleep(0.002)
            return {"compound": 0.0}

    backend._analyzer = Analyzer()
    callers = [threading.Thread(target=backend.predict, args=([who] * 10,)) for who in "ab"]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len([who for who, _ in itertools.groupby(seen)]) == 2


@pytest.mark.timeout(60)
@pytest.mark.parametrize("said", ["good but bad ", "\U0001f600 but ", "a\u0301 but good"])
def test_of_a_text_without_end_the_beginning_is_read_and_soon(vader: ModelCard, said: str):
    endless = said * 100_000
    backend = VaderBackend(vader)
    assert backend.predict([endless]) == backend.predict([endless[:LONGEST]])


def test_odd_characters_are_nobodys_trouble(vader: ModelCard):
    odd = [
        "",
        "   \n\t ",
        "\x01\x02\x7f",
        "\u202e\ufeff\u200d",
        "\U0001f469\u200d\U0001f680",
        "!" * 9000,
        "a" * 9000,
    ]
    for answer in VaderBackend(vader).predict(odd):
        assert sum(answer) == pytest.approx(1)
