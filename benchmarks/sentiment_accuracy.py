"""How often a model says of recorded tweets what people said: `python -m benchmarks.sentiment_accuracy [CARD]`.

Without a card it is `vader`, whose lexicon is always here; a transformer needs its weights (`chorus model fetch`). The
tweets are not part of the repository: CHORUS_CORPORA names the folder that holds `sentiment/`, with 2,000 labelled tweets
(`val_text.txt`, `val_labels.txt`) and 4,199 with the mean of what people felt (`vader_tweets.tsv`). Held against whoever
always says the commonest label.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from statistics import correlation, mean

from benchmarks._measure import table, verdict
from chorus import paths
from chorus.config import read_settings
from chorus.domain.errors import ModelMissing
from chorus.sentiment.active import activate
from chorus.sentiment.backends.base import Backend, open_backend
from chorus.sentiment.cards import ModelCard, find_card

TWEETS = Path(os.environ.get("CHORUS_CORPORA", paths.ROOT.parent / "shared" / "corpora"))
LABELS = ("negative", "neutral", "positive")  # 0, 1 and 2 of val_labels.txt


def labelled() -> tuple[list[str], list[str]]:
    texts = (TWEETS / "sentiment" / "val_text.txt").read_text().splitlines()
    numbers = (TWEETS / "sentiment" / "val_labels.txt").read_text().split()
    return texts, [LABELS[int(number)] for number in numbers]


def felt() -> tuple[list[str], list[float]]:
    lines = (TWEETS / "sentiment" / "vader_tweets.tsv").read_text().splitlines()
    _, scores, texts = zip(*(line.split("\t") for line in lines), strict=True)
    return list(texts), [float(score) for score in scores]


def labels_by(backend: Backend, card: ModelCard, texts: list[str]) -> list[str]:
    return [card.labels[answer.index(max(answer))] for answer in backend.predict(texts)]


def moods_by(backend: Backend, card: ModelCard, texts: list[str]) -> list[float]:
    """How much more positive than negative."""
    low, high = card.labels.index("negative"), card.labels.index("positive")
    return [answer[high] - answer[low] for answer in backend.predict(texts)]


def f1(label: str, said: list[str], meant: list[str]) -> float:
    pairs = Counter(zip(said, meant, strict=True))
    hits = pairs[label, label]
    return 2 * hits / (said.count(label) + meant.count(label))


def main() -> None:
    if not (TWEETS / "sentiment").is_dir():
        print(
            f"Not measured: there are no tweets in {TWEETS}; CHORUS_CORPORA names their folder."
        )
        print(json.dumps({"name": "sentiment_accuracy", "bar": 1.0, "ok": None}))
        return
    card = find_card(sys.argv[1] if sys.argv[1:] else "vader")
    model = activate(card, read_settings())
    try:
        model.require_files()
    except ModelMissing as missing:
        raise SystemExit(str(missing)) from None
    backend = open_backend(card, model.device, model.precision)
    texts, meant = labelled()
    said = labels_by(backend, card, texts)
    accuracy = mean(a == b for a, b in zip(said, meant, strict=True))
    macro = mean(f1(label, said, meant) for label in LABELS)
    more, scores = felt()
    agrees = correlation(moods_by(backend, card, more), scores)
    guess = Counter(meant).most_common(1)[0][1] / len(meant)
    table(
        f"{card.name} on {len(texts):,} labelled tweets and {len(more):,} with a mean",
        [
            ("accuracy", f"{accuracy:.3f}"),
            ("macro F1", f"{macro:.3f}"),
            ("whoever always says the commonest label", f"{guess:.3f}"),
            ("correlation with what people felt", f"{agrees:.2f}"),
        ],
    )
    verdict(
        "sentiment_accuracy",
        ratio=accuracy / guess,
        bar=1.0,
        at_least=True,
        model=card.name,
        accuracy=round(accuracy, 3),
        macro_f1=round(macro, 3),
        correlation=round(agrees, 3),
    )


if __name__ == "__main__":
    main()
