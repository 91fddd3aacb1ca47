"""A model that is real in everything but size, and a short-lived place for its host."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chorus import paths
from chorus.sentiment.active import ActiveModel
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.client import HostClient
from tests.hosts import place_for_hosts

TONES = {
    "negative": ["awful", "terrible", "hate", "worst", "broken"],
    "neutral": ["table", "train", "monday", "paper", "window"],
    "positive": ["great", "lovely", "adore", "best", "wonderful"],
}

# What the toy is trained on and asked about: the words say the mood, whatever stands around them.
SAYINGS = ("the day {0} was {1}", "the day was {0}", "{0}")


CARD = """
backend = "transformers"
repository = "chorus/tiny"
revision = "1"
labels = ["negative", "neutral", "positive"]
preprocessing = "tweets-1"
"""


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ModelCard:
    """Two layers, 64 wide, trained for seconds until its labels mean something."""
    models = tmp_path_factory.mktemp("models")
    card = models / "tiny.toml"
    card.write_text(CARD)
    train(models / "weights" / "tiny")
    return ModelCard.read(card)


def train(folder: Path) -> None:
    import random

    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import (
        RobertaConfig,
        RobertaForSequenceClassification,
        RobertaTokenizerFast,
    )

    choose = random.Random(7)
    torch.manual_seed(7)
    examples = [
        (choose.choice(SAYINGS).format(*choose.choices(words, k=2)), label)
        for label, words in enumerate(TONES.values())
        for _ in range(200)
    ]
    bpe = ByteLevelBPETokenizer()
    bpe.train_from_iterator(
        [text for text, _ in examples],
        vocab_size=500,
        show_progress=False,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
    )
    folder.mkdir(parents=True)
    bpe.save_model(str(folder))
    RobertaTokenizerFast.from_pretrained(folder).save_pretrained(folder)
    tokenizer = RobertaTokenizerFast.from_pretrained(folder)
    model = RobertaForSequenceClassification(
        RobertaConfig(
            vocab_size=len(tokenizer),
            hidden_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=128,
            max_position_embeddings=514,
            num_labels=3,
        )
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(6):
        choose.shuffle(examples)
        for start in range(0, len(examples), 50):
            batch = examples[start : start + 50]
            inputs = tokenizer([text for text, _ in batch], padding=True, return_tensors="pt")
            loss = model(**inputs, labels=torch.tensor([label for _, label in batch])).loss
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    model.save_pretrained(folder)


@pytest.fixture
def runtime() -> Iterator[Path]:
    with place_for_hosts() as folder:
        yield folder


@pytest.fixture
def host_of(runtime: Path) -> Callable[..., HostClient]:
    """Makes clients."""

    def make(card: ModelCard, **options: object) -> HostClient:
        exact = card.backend == "vader"
        model = ActiveModel(card, "cpu", "exact" if exact else "fp32")
        return HostClient(model, runtime=runtime, **options)

    return make


@pytest.fixture(scope="session")
def vader() -> ModelCard:
    return ModelCard.read(paths.MODELS / "vader.toml")
