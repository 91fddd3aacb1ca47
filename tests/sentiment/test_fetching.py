import pickle
import shutil
import tomllib
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from chorus.cli.model import app
from chorus.domain.errors import ModelMismatch, ModelMissing
from chorus.sentiment.backends.transformer import TransformerBackend
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.fetching import fetch
from chorus.sentiment.weights import checksum_of, verify_weights

FILES = ("config.json", "tokenizer.json", "tokenizer_config.json")


@pytest.fixture
def download(tiny: ModelCard, tmp_path: Path) -> Path:
    """The model as its publisher would ship it: with a pickle for weights."""
    folder = tmp_path / "download"
    folder.mkdir()
    for name in FILES:
        shutil.copy(tiny.weights / name, folder)
    torch.save(load_file(tiny.weights / "model.safetensors"), folder / "pytorch_model.bin")
    return folder


def card_for(download: Path, models: Path, **checksums: str) -> ModelCard:
    names = [*FILES, "pytorch_model.bin"]
    known = {name: checksum_of(download / name) for name in names} | checksums
    (models / "tiny.toml").write_text(
        'backend = "transformers"\nrepository = "chorus/tiny"\nrevision = "1"\n'
        'labels = ["negative", "neutral", "positive"]\npreprocessing = "tweets-1"\n[files]\n'
        + "".join(f'"{name}" = "{checksum}"\n' for name, checksum in known.items())
    )
    return ModelCard.read(models / "tiny.toml")


def test_a_pickle_is_verified_converted_once_and_gone(
    download: Path, tiny: ModelCard, tmp_path: Path
):
    card = card_for(download, tmp_path)
    fetched = fetch(card, download)
    assert not (card.weights / "pytorch_model.bin").exists()
    record = tomllib.loads((card.weights / "converted.toml").read_text())
    assert record["files"]["model.safetensors"] == fetched.converted
    assert verify_weights(card) == []
    text = ["the day wonderful was great"]
    ours = TransformerBackend(card, "cpu", "fp32").predict(text)
    assert ours == TransformerBackend(tiny, "cpu", "fp32").predict(text)


def test_converted_weights_that_were_changed_afterwards_are_refused(
    download: Path, tmp_path: Path
):
    card = card_for(download, tmp_path)
    fetch(card, download)
    with (card.weights / "model.safetensors").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelMismatch):
        verify_weights(card)


def test_what_differs_from_the_card_is_refused_and_what_was_there_stays(
    download: Path, tmp_path: Path
):
    card = card_for(download, tmp_path)
    fetch(card, download)
    before = checksum_of(card.weights / "model.safetensors")
    wrong = card_for(download, tmp_path, **{"config.json": "0" * 64})
    with pytest.raises(ModelMismatch, match=r"config\.json"):
        fetch(wrong, download)
    assert checksum_of(wrong.weights / "model.safetensors") == before
    assert [path.name for path in wrong.weights.parent.iterdir()] == ["tiny"]


def test_a_pickle_that_would_run_something_runs_nothing(download: Path, tmp_path: Path):
    trace = tmp_path / "ran"

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (trace,)  # type: ignore[return-value]

    (download / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(ModelMismatch, match="holds more than weights"):
        fetch(card_for(download, tmp_path), download)
    assert not trace.exists()


def test_a_file_that_is_not_in_the_folder_is_named(download: Path, tmp_path: Path):
    card = card_for(download, tmp_path)
    (download / "tokenizer.json").unlink()
    with pytest.raises(ModelMissing, match=r"no tokenizer\.json"):
        fetch(card, download)


def test_the_commands_bring_check_and_list_a_model(download: Path, tmp_path: Path):
    card_for(download, tmp_path, **{"config.json": ""})
    run = CliRunner().invoke

    def said(*words: str) -> str:
        result = run(app, [*words, "--models", str(tmp_path)], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    fetched = said("fetch", "tiny", "--from", str(download))
    assert "converted to model.safetensors" in fetched
    assert f"holds no checksum: config.json {checksum_of(download / 'config.json')}" in fetched
    assert "not verified: config.json" in said("check", "tiny")
