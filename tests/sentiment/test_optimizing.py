"""int8 is refused until it was measured on this machine's weights, and where it flips too many labels."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chorus.cli.model import app
from chorus.config import Settings
from chorus.domain.errors import ConfigurationError, ModelMismatch, ModelMissing
from chorus.sentiment.active import activate
from chorus.sentiment.backends.base import open_backend
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.optimizing import optimize
from tests.sentiment.conftest import SAYINGS, TONES

TEXTS = [
    f"{saying.format(word, other)} {number}"
    for words in TONES.values()
    for word in words
    for other in words
    for saying in SAYINGS
    for number in range(12)
]


def copied(card: ModelCard, folder: Path) -> ModelCard:
    """The same model with files of its own."""
    shutil.copytree(card.weights, folder / "weights" / "tiny")
    (folder / "tiny.toml").write_text(card.path.read_text())
    return ModelCard.read(folder / "tiny.toml")


@pytest.fixture(scope="module")
def measured(tiny: ModelCard, tmp_path_factory: pytest.TempPathFactory) -> ModelCard:
    folder = tmp_path_factory.mktemp("measured")
    card = copied(tiny, folder)
    (folder / "texts").write_text("\n".join(TEXTS))
    words = ["optimize", "tiny", "--texts", str(folder / "texts"), "--models", str(folder)]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert "SENTIMENT_PRECISION=int8 switches it on" in result.output
    return card


@pytest.fixture
def card(measured: ModelCard, tmp_path: Path) -> ModelCard:
    """One to break."""
    return copied(measured, tmp_path)


@pytest.fixture
def int8(warehouse_settings: Settings) -> Settings:
    return warehouse_settings.model_copy(
        update={"sentiment_precision": "int8", "sentiment_backend": "transformers"}
    )


def test_what_was_measured_reads_like_the_exact_model(measured: ModelCard):
    exact = open_backend(measured, "cpu", "fp32").predict(TEXTS[:100])
    quick = open_backend(measured, "cpu", "int8").predict(TEXTS[:100])
    for one, other in zip(exact, quick, strict=True):
        assert other == pytest.approx(one, abs=0.05)
        assert sum(other) == pytest.approx(1, abs=1e-6)


def test_its_predictions_are_kept_under_a_precision_of_their_own(
    measured: ModelCard, int8: Settings
):
    model = activate(measured, int8)
    model.require_files()
    assert (model.device, model.key.precision) == ("cpu", "int8")


def test_without_a_measurement_it_is_refused_before_a_post_is_claimed(
    tiny: ModelCard, int8: Settings
):
    with pytest.raises(ModelMissing, match="chorus model optimize tiny"):
        activate(tiny, int8).require_files()


@pytest.mark.parametrize(("texts", "flips"), [(1000, 6), (999, 0)])
def test_too_many_flips_or_too_few_texts_are_refused(card: ModelCard, texts: int, flips: int):
    record = card.optimized / "measured.json"
    found = json.loads(record.read_text()) | {"texts": texts, "flips": flips}
    record.write_text(json.dumps(found))
    with pytest.raises(ModelMismatch, match=f"{flips} labels of {texts}"):
        open_backend(card, "cpu", "int8")


@pytest.mark.parametrize("name", ["int8/model.onnx", "model.safetensors"])
def test_files_other_than_those_measured_are_refused(card: ModelCard, name: str):
    with (card.weights / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelMismatch):
        open_backend(card, "cpu", "int8")


def test_few_texts_are_not_measured_with(card: ModelCard):
    with pytest.raises(ConfigurationError, match="too few"):
        optimize(card, TEXTS[:50] * 30)


def test_int8_on_a_gpu_is_refused(measured: ModelCard, int8: Settings):
    forced = int8.model_copy(update={"sentiment_device": "cuda"})
    with pytest.raises(ConfigurationError, match="runs on the CPU"):
        activate(measured, forced)
