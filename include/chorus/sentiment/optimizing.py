"""Makes the int8 model out of the weights and counts the labels it flips. Imports every model library there is."""

import shutil
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch  # noqa: TID253 - a command's process, which loads the model anyway
from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: TID253
from transformers import AutoModelForSequenceClassification  # noqa: TID253

from chorus.domain.errors import ConfigurationError
from chorus.sentiment.backends.quantized import QuantizedBackend
from chorus.sentiment.backends.transformer import TransformerBackend
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.optimized import FEWEST_TEXTS, MODEL, Measurement
from chorus.sentiment.weights import SAFE, checksum_of, require_weights

INPUTS = ["input_ids", "attention_mask"]
# The newest set of operators that the exporter in use writes natively.
OPERATORS = 17


def optimize(card: ModelCard, texts: Sequence[str]) -> Measurement:
    """Quantize, measure against the exact model over these texts, and keep both beside the weights."""
    if card.backend != "transformers":
        raise ConfigurationError(
            f"{card.name} is no transformer: there is nothing to optimize."
        )
    different = list(dict.fromkeys(texts))
    if len(different) < FEWEST_TEXTS:
        raise ConfigurationError(
            f"{len(different)} different texts are too few to measure with: name a file of {FEWEST_TEXTS} or more, "
            "one a line, with --texts."
        )
    require_weights(card)
    with tempfile.TemporaryDirectory(dir=card.weights.parent, prefix=".optimizing-") as folder:
        staging = Path(folder) / "int8"
        staging.mkdir()
        quantize(card, staging / MODEL)
        measured = measure(card, staging / MODEL, different)
        measured.keep(staging)
        shutil.rmtree(card.optimized, ignore_errors=True)
        staging.rename(card.optimized)
    return measured


def quantize(card: ModelCard, into: Path) -> None:
    """The matrices alone: they are nearly all of the work, and the rest is what precision hangs on."""
    with tempfile.TemporaryDirectory(dir=into.parent) as folder:
        exported = Path(folder) / "exported.onnx"
        export(card, exported)
        quantize_dynamic(
            exported,
            into,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )


def export(card: ModelCard, into: Path) -> None:
    """As a graph whose batch and length are free."""
    model = Logits(
        AutoModelForSequenceClassification.from_pretrained(
            card.weights,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            attn_implementation="eager",
        ).eval()
    )
    example = torch.ones(2, 16, dtype=torch.long)
    free = {0: "batch", 1: "length"}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the other exporter needs two packages more
        torch.onnx.export(
            model,
            (example, example),
            into,
            input_names=INPUTS,
            output_names=["logits"],
            dynamic_axes=dict.fromkeys(INPUTS, free) | {"logits": {0: "batch"}},
            opset_version=OPERATORS,
            dynamo=False,
        )


class Logits(torch.nn.Module):
    """The model with two inputs and one output, as a graph wants it."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self._model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self._model(
            input_ids=input_ids, attention_mask=attention_mask
        ).logits
        return logits


def measure(card: ModelCard, model: Path, texts: Sequence[str]) -> Measurement:
    exact = TransformerBackend(card, "cpu", "fp32").predict(texts)
    quick = QuantizedBackend(card, model).predict(texts)
    flips = 0
    furthest = 0.0
    for one, other in zip(exact, quick, strict=True):
        flips += one.index(max(one)) != other.index(max(other))
        furthest = max(furthest, *(abs(a - b) for a, b in zip(one, other, strict=True)))
    files = checksum_of(card.weights / SAFE), checksum_of(model)
    return Measurement(len(texts), flips, furthest, *files)
