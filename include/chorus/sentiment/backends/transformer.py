"""A transformer from safetensors on this machine: no pickle, no code from a repository, no network."""

import gc
import logging

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
        if self._model.config.num_labels != len(card.labels):
            raise ModelMismatch(
                f"{card.path} names {len(card.labels)} labels, the model has {self._model.config.num_labels}: mend the card."
            )
        self._model.to(self._device).eval()

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
