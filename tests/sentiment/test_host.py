import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from chorus.domain.errors import ModelMissing
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.client import PROGRAM, HostClient, HostDied
from chorus.sentiment.host.starting import start_host

POISONOUS = (sys.executable, str(Path(__file__).parent / "poisonous_host.py"))
Maker = Callable[..., HostClient]

ONE_TASK = """
import sys
from pathlib import Path
from chorus.sentiment.active import ActiveModel
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.client import HostClient, HostDied
model = ActiveModel(ModelCard.read(Path(sys.argv[1])), "cpu", "fp32")
scores = HostClient(model, runtime=Path(sys.argv[2])).predict(["the day was great"]).probabilities[0]
assert scores.index(max(scores)) == 2, scores
assert not {"torch", "transformers", "tokenizers"} & sys.modules.keys()
"""


def loads(client: HostClient) -> int:
    return client.place.log.read_text().count(" LOADED ")


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def wait_until(fact: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it did not become so"
        time.sleep(0.02)


def test_sixteen_processes_at_once_load_the_model_once_and_none_of_them_imports_torch(
    host_of: Maker, tiny: ModelCard, runtime: Path
):
    tasks = [
        subprocess.Popen([sys.executable, "-c", ONE_TASK, str(tiny.path), str(runtime)])
        for _ in range(16)
    ]
    assert [task.wait(200) for task in tasks] == [0] * 16
    client = host_of(tiny)
    assert loads(client) == 1
    assert client.health()["texts"] == 16


def test_a_killed_host_is_followed_by_another_and_the_log_says_so(
    host_of: Maker, vader: ModelCard, caplog: pytest.LogCaptureFixture
):
    client = host_of(vader)
    before = client.predict(["great"])
    assert "died" not in caplog.text
    os.kill(client.health()["pid"], signal.SIGKILL)
    assert client.predict(["great"]) == before
    assert loads(client) == 2
    assert f"The host of vader died; its log is {client.place.log}. Another is" in caplog.text


def test_in_json_every_line_of_its_log_is_an_event(host_of: Maker, vader: ModelCard):
    client = host_of(vader, log_in_json=True)
    client.predict(["great"])
    process = psutil.Process(client.health()["pid"])
    client.stop()
    process.wait(30)
    told = [json.loads(line) for line in client.place.log.read_text().splitlines()]
    assert [line["event"].split()[0] for line in told] == ["LOADED", "BATCH", "LEFT"]
    assert all(line.keys() >= {"timestamp", "level", "logger"} for line in told)


def test_a_host_that_outlived_whoever_started_it_needs_no_other(
    host_of: Maker, vader: ModelCard
):
    client = host_of(vader)
    pid = client.health()["pid"]
    began = time.monotonic()
    start_host(client.model, client.place, PROGRAM, idle_seconds=5)
    assert time.monotonic() - began < 30
    assert (client.health()["pid"], loads(client)) == (pid, 1)


def test_a_host_killed_in_the_middle_of_a_call_costs_the_caller_nothing_but_time(
    host_of: Maker, vader: ModelCard, caplog: pytest.LogCaptureFixture
):
    client = host_of(vader, program=POISONOUS)
    pid = client.health()["pid"]
    threading.Timer(0.1, os.kill, (pid, signal.SIGKILL)).start()
    assert len(client.predict(["slow", "slow"]).probabilities) == 2
    assert loads(client) == 2
    assert "died over 2 texts" in caplog.text


def test_its_threads_do_not_spin_while_they_wait(host_of: Maker, vader: ModelCard):
    pid = host_of(vader).health()["pid"]
    assert psutil.Process(pid).environ()["OMP_WAIT_POLICY"] == "PASSIVE"


def test_an_idle_host_goes_and_the_next_call_starts_another(host_of: Maker, vader: ModelCard):
    client = host_of(vader, idle_seconds=0.2)
    pid = client.health()["pid"]
    wait_until(lambda: gone(pid))
    assert "IDLE" in client.place.log.read_text()
    assert client.health()["pid"] != pid


def test_a_host_is_replaced_when_its_card_changes(
    host_of: Maker, vader: ModelCard, tmp_path: Path
):
    path = tmp_path / "vader.toml"
    path.write_text(vader.path.read_text())
    before = host_of(ModelCard.read(path))
    before.predict(["great"])
    old = before.health()["pid"]
    path.write_text(vader.path.read_text().replace("memory_mb = 512", "memory_mb = 600"))
    after = host_of(ModelCard.read(path))
    after.predict(["great"])
    wait_until(lambda: gone(old))
    assert loads(after) == 2
    assert before.place == after.place


def test_a_host_that_grows_over_its_ceiling_goes_and_the_next_call_starts_another(
    host_of: Maker, vader: ModelCard
):
    client = host_of(vader, program=POISONOUS)
    pid = client.health()["pid"]
    with contextlib.suppress(HostDied):  # it may go before it has answered
        client.predict(["grow"], deaths=1)
    wait_until(lambda: gone(pid))
    assert f"over the ceiling of {vader.memory_mb} MB" in client.place.log.read_text()
    assert len(client.predict(["a day"]).probabilities) == 1
    assert loads(client) == 2


def test_more_callers_than_places_wait_and_all_are_answered(host_of: Maker, vader: ModelCard):
    client = host_of(vader, program=POISONOUS)
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda n: client.predict(["slow" + "x" * n]), range(40)))
    assert [round(a.probabilities[0][2] * 1000) for a in answers] == [4 + n for n in range(40)]
    assert client.health()["turned_away"] > 0


def test_waiting_behind_others_for_longer_than_a_call_may_take_is_no_reason_to_end_a_host(
    host_of: Maker, vader: ModelCard
):
    client = host_of(vader, program=POISONOUS, call_seconds=1)
    client.health()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: client.predict([f"queue {n}"]), range(8)))
    assert (len(answers), loads(client)) == (8, 1)


def test_a_host_asked_to_end_finishes_what_it_began(host_of: Maker, vader: ModelCard):
    client = host_of(vader, program=POISONOUS)
    pid = client.health()["pid"]
    threading.Timer(0.1, os.kill, (pid, signal.SIGTERM)).start()
    assert len(client.predict(["slow"] * 5).probabilities) == 5
    wait_until(lambda: gone(pid))
    assert loads(client) == 1


def test_missing_weights_are_said_by_the_host_to_whoever_started_it(
    host_of: Maker, tiny: ModelCard, tmp_path: Path
):
    (tmp_path / "bare.toml").write_text(tiny.path.read_text())
    with pytest.raises(ModelMissing, match="chorus model fetch bare"):
        host_of(ModelCard.read(tmp_path / "bare.toml")).predict(["great"])
