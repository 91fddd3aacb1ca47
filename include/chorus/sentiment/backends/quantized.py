"""The model in int8, through ONNX Runtime on the CPU: what `chorus model optimize` made and measured."""

from pathlib import Path

import numpy as np
import onnxruntime  # noqa: TID253 - only the host's process imports this

from chorus.sentiment.backends.base import Probabilities
from chorus.sentiment.backends.cores import cores, tokens_per_batch
from chorus.sentiment.backends.token_batches import TokenBatches
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.optimized import MODEL, verify_optimized


class QuantizedBackend(TokenBatches):
    """A model as it lies there; whoever reads posts with it asks `open_measured`."""

    device = "cpu"

    def __init__(self, card: ModelCard, model: Path) -> None:
        super().__init__(card, tokens_per_batch())
        self._session = open_session(model)

    def _forward(self, batch: list[list[int]]) -> list[Probabilities]:
        shape = len(batch), max(map(len, batch))
        ids = np.full(shape, self._padding, dtype=np.int64)
        mask = np.zeros(shape, dtype=np.int64)
        for row, text in enumerate(batch):
            ids[row, : len(text)] = text
            mask[row, : len(text)] = 1
        (logits,) = self._session.run(["logits"], {"input_ids": ids, "attention_mask": mask})
        powers = np.exp(logits - logits.max(-1, keepdims=True))
        found: list[Probabilities] = (powers / powers.sum(-1, keepdims=True)).tolist()
        return found


def open_measured(card: ModelCard) -> QuantizedBackend:
    """Refuses a model that was not measured, or that flips too many labels."""
    verify_optimized(card)
    return QuantizedBackend(card, card.optimized / MODEL)


def open_session(model: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = cores()
    # Threads that wait by spinning take the cores from whatever they wait for.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
