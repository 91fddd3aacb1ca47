import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chorus.domain.errors import ModelHostFailed
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.client import HostClient
from chorus.sentiment.isolation import Poison, read

HERE = Path(__file__).parent
POISONOUS = (sys.executable, str(HERE / "poisonous_host.py"))
BROKEN = (sys.executable, str(HERE / "broken_host.py"))
Maker = Callable[..., HostClient]


@pytest.mark.parametrize("word", ["explode", "kill", "overflow"])
def test_one_poison_text_is_found_and_its_neighbours_get_their_answers(
    host_of: Maker, vader: ModelCard, word: str
):
    client = host_of(vader, program=POISONOUS)
    texts = [f"{'x' * n} text" for n in range(30)]
    texts[17] = f"they {word} things"
    reading = read(client, texts)
    assert isinstance(reading.answers[17], Poison)
    for text, answer in zip(texts, reading.answers, strict=True):
        if text != texts[17]:
            assert answer[2] == pytest.approx(len(text) / 1000)


def test_a_text_that_the_model_comes_to_no_end_with_is_found_too(
    host_of: Maker, vader: ModelCard
):
    client = host_of(vader, program=POISONOUS, call_seconds=3)
    reading = read(client, ["one", "an endless one", "another"])
    assert [isinstance(answer, Poison) for answer in reading.answers] == [False, True, False]
    assert reading.answers[1].error_class == "HostHung"
    assert "came to no end within" in reading.answers[1].error


@pytest.mark.nightly
def test_whoever_reads_beside_an_endless_text_is_not_blamed_for_it(
    host_of: Maker, vader: ModelCard
):
    client = host_of(vader, program=POISONOUS, call_seconds=3)
    texts = [*(f"a queue of {n}" for n in range(3)), "an endless one"]
    with ThreadPoolExecutor(3) as callers:
        for reading in callers.map(lambda _: read(client, texts), range(3)):
            assert [isinstance(answer, Poison) for answer in reading.answers] == [
                *(False, False, False),
                True,
            ]


def test_the_reason_of_a_refusal_stands_with_the_text(host_of: Maker, vader: ModelCard):
    reading = read(host_of(vader, program=POISONOUS), ["fine", "explode"])
    assert reading.answers[1] == Poison("TextsRefused", "ValueError: this text explodes")


def test_an_answer_that_is_no_number_is_said_with_the_text(host_of: Maker, vader: ModelCard):
    reading = read(host_of(vader, program=POISONOUS), ["fine", "overflow"])
    assert reading.answers[1] == Poison(
        "TextsRefused", "ArithmeticError: the model's answer is not a number"
    )


def test_a_model_that_fails_over_everything_blames_no_text(host_of: Maker, vader: ModelCard):
    with pytest.raises(ModelHostFailed, match="fails over any text"):
        read(host_of(vader, program=BROKEN), ["fine", "fine too"])


def test_a_host_that_dies_while_it_loads_blames_no_text(
    host_of: Maker, vader: ModelCard, tmp_path: Path
):
    (tmp_path / "stillborn.toml").write_text(vader.path.read_text())
    stillborn = ModelCard.read(tmp_path / "stillborn.toml")
    with pytest.raises(ModelHostFailed, match="its log is"):
        read(host_of(stillborn, program=BROKEN), ["fine"])


def test_a_ceiling_that_the_model_itself_exceeds_blames_no_text(
    host_of: Maker, tiny: ModelCard, tmp_path: Path
):
    greedy = tmp_path / "greedy.toml"
    greedy.write_text(tiny.path.read_text() + "memory_mb = 64\n")
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "greedy").symlink_to(tiny.weights)
    client = host_of(ModelCard.read(greedy))
    with pytest.raises(ModelHostFailed):
        read(client, ["fine"])
    assert "over the ceiling of 64 MB" in client.place.log.read_text()
