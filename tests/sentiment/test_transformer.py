import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from chorus.domain.errors import ModelDeviceMissing, ModelMismatch, ModelMissing
from chorus.sentiment.backends.base import Probabilities
from chorus.sentiment.backends.devices import choose_device
from chorus.sentiment.backends.transformer import TransformerBackend, is_out_of_memory
from chorus.sentiment.cards import ModelCard

TEXTS = [
    "the day wonderful was great",
    "the day awful was broken",
    "the day paper was monday",
    "great " * 2000,
    "",
    "@ada adore https://example.org",
]


@pytest.fixture(scope="module")
def backend(tiny: ModelCard) -> TransformerBackend:
    return TransformerBackend(tiny, "cpu", "fp32")


def label(card: ModelCard, scores: Sequence[float]) -> str:
    return card.labels[scores.index(max(scores))]


def copied(card: ModelCard, folder: Path) -> ModelCard:
    """The same model with files of its own, to break."""
    shutil.copytree(card.weights, folder / "weights" / "tiny")
    (folder / "tiny.toml").write_text(card.path.read_text())
    return ModelCard.read(folder / "tiny.toml")


def test_labels_mean_something(backend: TransformerBackend, tiny: ModelCard):
    found = [label(tiny, scores) for scores in backend.predict(TEXTS[:3])]
    assert found == ["positive", "negative", "neutral"]


def test_answers_are_those_of_the_pipeline_and_in_its_order(
    backend: TransformerBackend, tiny: ModelCard
):
    from transformers import AutoTokenizer, pipeline

    obvious = pipeline(
        "text-classification",
        model=str(tiny.weights),
        tokenizer=AutoTokenizer.from_pretrained(tiny.weights, model_max_length=512),
        top_k=None,
        device="cpu",
    )
    prepared = [*TEXTS[:5], "@user adore http"]
    for ours, theirs in zip(
        backend.predict(TEXTS * 3),
        obvious(prepared, batch_size=8, truncation=True) * 3,
        strict=True,
    ):
        by_label = {answer["label"]: answer["score"] for answer in theirs}
        assert ours == pytest.approx([by_label[f"LABEL_{n}"] for n in range(3)], abs=1e-5)


def test_a_device_out_of_memory_gets_smaller_batches_and_answers_all_the_same(
    tiny: ModelCard, backend: TransformerBackend
):
    class SmallDevice(TransformerBackend):
        sizes: list[int]

        def _compute(self, batch: list[list[int]]) -> list[Probabilities]:
            self.sizes.append(len(batch))
            if len(batch) > 3:
                raise torch.OutOfMemoryError
            return super()._compute(batch)

    small = SmallDevice(tiny, "cpu", "fp32")
    small.sizes = []
    texts = [f"the day {word} was great" for word in "abcdefghijklmnop"]
    for ours, theirs in zip(small.predict(texts), backend.predict(texts), strict=True):
        assert ours == pytest.approx(theirs, abs=1e-6)
    small.sizes.clear()
    small.predict(texts)
    assert max(small.sizes) <= 3, "what was learned about the device is remembered"


def test_a_forced_device_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ModelDeviceMissing, match="SENTIMENT_DEVICE=cuda"):
        choose_device("cuda")


def test_without_a_gpu_auto_is_the_cpu_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with caplog.at_level("INFO"):
        assert choose_device("auto").type == "cpu"
    assert "the model runs on the CPU" in caplog.text


def test_missing_weights_are_one_sentence_that_says_what_to_run(
    tiny: ModelCard, tmp_path: Path
):
    card = copied(tiny, tmp_path)
    (card.weights / "model.safetensors").unlink()
    with pytest.raises(ModelMissing, match="chorus model fetch tiny"):
        TransformerBackend(card, "cpu", "fp32")


def test_weights_that_differ_from_the_card_are_refused(tiny: ModelCard, tmp_path: Path):
    card = copied(tiny, tmp_path).model_copy(update={"files": {"model.safetensors": "0" * 64}})
    with pytest.raises(ModelMismatch, match="not what its card says"):
        TransformerBackend(card, "cpu", "fp32")


def test_a_pickle_is_never_loaded(tiny: ModelCard, tmp_path: Path):
    card = copied(tiny, tmp_path)
    safe = card.weights / "model.safetensors"
    safe.rename(card.weights / "pytorch_model.bin")
    with pytest.raises(ModelMissing):
        TransformerBackend(card, "cpu", "fp32")


def test_a_card_with_other_labels_than_the_model_is_refused(tiny: ModelCard):
    with pytest.raises(ModelMismatch, match="names 2 labels"):
        TransformerBackend(tiny.model_copy(update={"labels": ("yes", "no")}), "cpu", "fp32")


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"id2label": {0: "Positive", 1: "Neutral", 2: "Negative"}}, "another order"),
        ({"problem_type": "multi_label_classification"}, "several labels at once"),
    ],
)
def test_a_model_that_means_something_else_by_its_answers_is_refused(
    tiny: ModelCard, tmp_path: Path, config: dict[str, object], reason: str
):
    card = copied(tiny, tmp_path)
    said = json.loads((card.weights / "config.json").read_text())
    said.pop("label2id", None)
    (card.weights / "config.json").write_text(json.dumps(said | config))
    with pytest.raises(ModelMismatch, match=reason):
        TransformerBackend(card, "cpu", "fp32")


@pytest.mark.parametrize(
    ("error", "says_so"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB)"), True),
        (
            RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"),
            True,
        ),
        (RuntimeError("The size of tensor a (3) must match the size of tensor b (4)"), False),
    ],
)
def test_every_device_has_its_own_words_for_memory_that_ran_out(
    error: RuntimeError, says_so: bool
):
    assert is_out_of_memory(error) == says_so


def test_a_tokenizer_of_vocabulary_and_merges_alone_gives_the_same_answers(
    tiny: ModelCard, backend: TransformerBackend, tmp_path: Path
):
    card = copied(tiny, tmp_path)
    (card.weights / "tokenizer.json").unlink()
    (card.weights / "tokenizer_config.json").unlink()
    for ours, theirs in zip(
        TransformerBackend(card, "cpu", "fp32").predict(TEXTS),
        backend.predict(TEXTS),
        strict=True,
    ):
        assert ours == pytest.approx(theirs, abs=1e-6)
