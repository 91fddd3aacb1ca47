"""A transformer from safetensors on this machine: no pickle, no code from a repository, no network."""

import gc
import logging
import threading
from collections.abc import Sequence

import torch  # noqa: TID253 - only the host's process imports this
from tokenizers import Tokenizer
from transformers import (  # noqa: TID253
    AutoModelForSequenceClassification,
    AutoTokenizer,
)

from chorus.domain.errors import ModelMismatch
from chorus.sentiment.backends.base import Probabilities
from chorus.sentiment.backends.batching import token_budget_batches
from chorus.sentiment.backends.devices import choose_device, name_of
from chorus.sentiment.cards import ModelCard, Precision
from chorus.sentiment.preprocessing import PREPROCESSING
from chorus.sentiment.weights import verify_weights

log = logging.getLogger(__name__)

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
TOKENS_PER_BATCH = {"cpu": 2048, "mps": 8192, "cuda": 65_536}


class TransformerBackend:
    """Tokenizes in the caller's thread while another caller's texts are on the device."""

    def __init__(self, card: ModelCard, device: str, precision: Precision) -> None:
        for name in verify_weights(card):
            log.warning("%s is not verified: its card holds no checksum for it", name)
        self._device = choose_device(device)
        self.device = name_of(self._device)
        self._budget = TOKENS_PER_BATCH[self._device.type]
        self._prepare = PREPROCESSING[card.preprocessing]
        self._tokenizer, self._padding = load_tokenizer(card)
        self._model = AutoModelForSequenceClassification.from_pretrained(
            card.weights,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=DTYPES[precision],
            attn_implementation="sdpa",
        )
        if self._model.config.num_labels != len(card.labels):
            raise ModelMismatch(
                f"{card.path} names {len(card.labels)} labels, the model has {self._model.config.num_labels}: mend the card."
            )
        self._model.to(self._device).eval()
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
        """One batch; a device whose memory is too small gets halves of it, now and from now on."""
        try:
            return self._compute(batch)
        except torch.OutOfMemoryError:
            if len(batch) == 1:
                raise
        gc.collect()
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        half = len(batch) // 2
        self._budget = max(half * len(batch[0]), 1)
        log.warning(
            "out of memory with %d texts: going on with batches of half that", len(batch)
        )
        return self._forward(batch[:half]) + self._forward(batch[half:])

    def _compute(self, batch: list[list[int]]) -> list[Probabilities]:
        width = max(map(len, batch))
        ids = torch.tensor([text + [self._padding] * (width - len(text)) for text in batch])
        mask = None
        if min(map(len, batch)) < width:
            lengths = torch.tensor([len(text) for text in batch])
            mask = (torch.arange(width) < lengths[:, None]).to(torch.int64)
        if self._device.type == "cuda":
            ids = ids.pin_memory()
            mask = mask.pin_memory() if mask is not None else None
        with torch.inference_mode():
            logits = self._model(
                input_ids=ids.to(self._device, non_blocking=True),
                attention_mask=mask.to(self._device, non_blocking=True)
                if mask is not None
                else None,
            ).logits
            found: list[Probabilities] = logits.float().softmax(-1).tolist()
        return found


def load_tokenizer(card: ModelCard) -> tuple[Tokenizer, int]:
    """The fast tokenizer, which truncates at the card's length whatever its own files say, and its padding."""
    wrapped = AutoTokenizer.from_pretrained(
        card.weights, local_files_only=True, trust_remote_code=False
    )
    tokenizer: Tokenizer = wrapped.backend_tokenizer
    tokenizer.enable_truncation(card.max_length)
    tokenizer.no_padding()
    return tokenizer, int(wrapped.pad_token_id)
