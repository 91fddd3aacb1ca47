"""What only a GPU can show; skipped by name where there is none."""

from pathlib import Path

import pytest
import torch

from benchmarks._models import BASE, make_model, posts
from chorus.sentiment.backends.base import Probabilities
from chorus.sentiment.backends.transformer import TransformerBackend
from chorus.sentiment.cards import ModelCard

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU"),
]

# For the longest text alone, and by far not for a whole batch.
ROOM = 128 * 1024 * 1024


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> ModelCard:
    models: Path = tmp_path_factory.mktemp("models")
    return make_model(models, "base", BASE)


def largest_difference(ours: list[Probabilities], theirs: list[Probabilities]) -> float:
    return max(
        abs(a - b) for x, y in zip(ours, theirs, strict=True) for a, b in zip(x, y, strict=True)
    )


def test_fp32_on_the_gpu_says_what_the_cpu_says(base: ModelCard):
    texts = posts(64)
    on_cpu = TransformerBackend(base, "cpu", "fp32").predict(texts)
    on_gpu = TransformerBackend(base, "cuda", "fp32").predict(texts)
    assert largest_difference(on_cpu, on_gpu) < 1e-3


def test_bf16_stays_close_to_fp32(base: ModelCard):
    texts = posts(256)
    exact = TransformerBackend(base, "cuda", "fp32").predict(texts)
    short = TransformerBackend(base, "cuda", "bf16").predict(texts)
    assert largest_difference(exact, short) < 0.03


def test_auto_takes_the_gpu_and_predictions_name_it(base: ModelCard):
    assert TransformerBackend(base, "auto", "fp32").device.startswith("cuda (")


def test_real_memory_that_runs_out_halves_the_batch(base: ModelCard):
    texts = posts(512)
    backend = TransformerBackend(base, "cuda", "bf16")
    expected = backend.predict(texts)
    before = backend._budget
    _, total = torch.cuda.mem_get_info()
    torch.cuda.empty_cache()
    room = torch.cuda.memory_reserved() + ROOM
    torch.cuda.set_per_process_memory_fraction(min(room / total, 1.0))
    try:
        answers = backend.predict(texts)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert largest_difference(answers, expected) < 0.03
    assert backend._budget < before
