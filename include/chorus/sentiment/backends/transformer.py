"""A transformer from safetensors on this machine: no pickle, no code from a repository, no network."""

import gc
import logging
from typing import Any

import torch  # noqa: TID253 - only the host's process imports this
from transformers import AutoModelForSequenceClassification  # noqa: TID253

from chorus.domain.errors import ModelMismatch
from chorus.sentiment.backends.base import Probabilities
from chorus.sentiment.backends.cores import tokens_per_batch
from chorus.sentiment.backends.devices import choose_device, name_of
from chorus.sentiment.backends.token_batches import TokenBatches
from chorus.sentiment.cards import ModelCard, Precision

log = logging.getLogger(__name__)

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
TOKENS_PER_BATCH = {"mps": 8192, "cuda": 65_536}


class TransformerBackend(TokenBatches):
    """The model as it was published, on the device that is there."""

    def __init__(self, card: ModelCard, device: str, precision: Precision) -> None:
        self._device = choose_device(device)
        self.device = name_of(self._device)
        super().__init__(card, TOKENS_PER_BATCH.get(self._device.type) or tokens_per_batch())
        self._model = AutoModelForSequenceClassification.from_pretrained(
            card.weights,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=DTYPES[precision],
            attn_implementation="sdpa",
        )
        require_labels(card, self._model.config)
        self._model.to(self._device).eval()

    def _forward(self, batch: list[list[int]]) -> list[Probabilities]:
        """One batch; a device whose memory is too small gets halves of it, now and from now on."""
        try:
            return self._compute(batch)
        except RuntimeError as error:
            if len(batch) == 1 or not is_out_of_memory(error):
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


def is_out_of_memory(error: RuntimeError) -> bool:
    """Apple's devices, and the libraries of NVIDIA's, say it in words alone."""
    words = str(error).lower()
    return (
        isinstance(error, torch.OutOfMemoryError)
        or "out of memory" in words
        or "alloc_failed" in words
    )


def require_labels(card: ModelCard, config: Any) -> None:
    """The card's order counts; where the model names the same labels in another, one of the two is wrong."""
    theirs = [str(config.id2label[number]).lower() for number in range(config.num_labels)]
    ours = [label.lower() for label in card.labels]
    if len(ours) != len(theirs):
        raise ModelMismatch(
            f"{card.path} names {len(ours)} labels, the model has {len(theirs)}: mend the card."
        )
    if ours != theirs and set(ours) == set(theirs):
        raise ModelMismatch(
            f"{card.path} names the labels in another order than the model ({', '.join(theirs)}): mend the card."
        )
    if config.problem_type == "multi_label_classification":
        raise ModelMismatch(
            f"{card.repository} gives a text several labels at once, which Chorus does not read: take the card away."
        )
