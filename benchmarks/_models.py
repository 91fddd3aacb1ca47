"""Models with random weights and posts with the lengths of real ones: speed does not ask what weights say."""

import os
import random
from pathlib import Path
from typing import Any

from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.environment import SET

# As the host has it, before anything imports torch: a thread that waits does not spin, and is nobody's CPU second.
os.environ |= SET

CARD = """
backend = "transformers"
repository = "chorus/{name}"
revision = "random"
labels = ["negative", "neutral", "positive"]
preprocessing = "tweets-1"
memory_mb = 8192
"""
BASE: dict[str, Any] = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "num_labels": 3,
}
TINY: dict[str, Any] = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 128,
    "num_labels": 3,
}
SYLLABLES = (
    "ba",
    "co",
    "di",
    "fu",
    "ge",
    "ha",
    "jo",
    "ki",
    "lu",
    "me",
    "no",
    "pi",
    "ra",
    "su",
    "te",
    "vo",
)


def words(count: int = 4000) -> list[str]:
    """Made of syllables, all different."""
    choose = random.Random(1)
    found: set[str] = set()
    while len(found) < count:
        found.add("".join(choose.choices(SYLLABLES, k=choose.randint(2, 4))))
    return sorted(found)


def posts(count: int, seed: int = 2) -> list[str]:
    """Median 25 tokens, mean 38, p99 251, a tail of 4 % up to 512; in no order; all different."""
    choose = random.Random(seed)
    vocabulary = words()
    lengths = []
    for number in range(count):
        if number % 25 == 0:
            lengths.append(130 + 382 * choose.random() ** 4)
        else:
            lengths.append(min(max(choose.lognormvariate(3.2, 0.55), 4), 128))
    choose.shuffle(lengths)
    # Two of the tokens are the start's and the end's.
    return [
        " ".join(choose.choices(vocabulary, k=max(round(length) - 2, 2))) for length in lengths
    ]


def sample() -> list[str]:
    """96 of them, of which batches of 32 in order of arrival are padded as those of 20,000 are: 5.4 times."""
    return posts(96, seed=34)


def make_model(models: Path, name: str, shape: dict[str, Any]) -> ModelCard:
    """A card in `models`, and weights of that shape beside it."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import (
        RobertaConfig,
        RobertaForSequenceClassification,
        RobertaTokenizerFast,
    )

    models.mkdir(exist_ok=True)
    card = models / f"{name}.toml"
    card.write_text(CARD.format(name=name))
    folder = models / "weights" / name
    folder.mkdir(parents=True)
    bpe = ByteLevelBPETokenizer()
    bpe.train_from_iterator(
        [" ".join(words()), *(f" {word}" for word in words())] * 4,
        vocab_size=50_265,
        show_progress=False,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
    )
    bpe.save_model(str(folder))
    RobertaTokenizerFast.from_pretrained(folder).save_pretrained(folder)
    torch.manual_seed(3)
    config = RobertaConfig(
        vocab_size=50_265, max_position_embeddings=514, type_vocab_size=1, **shape
    )
    RobertaForSequenceClassification(config).save_pretrained(folder)
    return ModelCard.read(card)
