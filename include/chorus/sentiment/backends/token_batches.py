"""What every model of tokens shares: tokenizing, batches of like length, and the order of the answers."""

import logging
import threading
from collections.abc import Sequence

from tokenizers import Tokenizer

from chorus.sentiment.backends.base import Probabilities
from chorus.sentiment.backends.batching import token_budget_batches
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.preprocessing import PREPROCESSING
from chorus.sentiment.weights import verify_weights

log = logging.getLogger(__name__)


class TokenBatches:
    """Tokenizes in the caller's thread while another caller's texts are on the device."""

    one_core = False

    def __init__(self, card: ModelCard, budget: int) -> None:
        for name in verify_weights(card):
            log.warning("%s is not verified: its card holds no checksum for it", name)
        self._budget = budget
        self._prepare = PREPROCESSING[card.preprocessing]
        self._tokenizer, self._padding = load_tokenizer(card)
        self._turn = threading.Lock()

    def predict(self, texts: Sequence[str]) -> list[Probabilities]:
        encodings = self._tokenizer.encode_batch_fast([self._prepare(text) for text in texts])
        answers: list[Probabilities] = [[]] * len(texts)
        with self._turn:
            for batch in token_budget_batches([len(e.ids) for e in encodings], self._budget):
                found = self._forward([encodings[position].ids for position in batch])
                for position, probabilities in zip(batch, found, strict=True):
                    answers[position] = probabilities
        return answers

    def _forward(self, batch: list[list[int]]) -> list[Probabilities]:
        """Texts of one batch, the longest first."""
        raise NotImplementedError


def load_tokenizer(card: ModelCard) -> tuple[Tokenizer, int]:
    """The fast tokenizer, which truncates at the card's length whatever its own files say, and its padding."""
    from transformers import AutoTokenizer

    wrapped = AutoTokenizer.from_pretrained(
        card.weights, local_files_only=True, trust_remote_code=False
    )
    tokenizer: Tokenizer = wrapped.backend_tokenizer
    tokenizer.enable_truncation(card.max_length)
    tokenizer.no_padding()
    return tokenizer, int(wrapped.pad_token_id)
