"""Two starts of one clone, Ctrl-C, and a port that somebody else has."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from chorus.config import Settings
from chorus.domain.errors import StackError
from chorus.stack import main
from chorus.stack.airflow_api import AirflowApi
from chorus.stack.bring_up import Stack
from chorus.stack.ports import Ports, any_free_port, remembered_port
from chorus.stack.processes import marked
from chorus.stack.run_folder import RunFolder
from chorus.stack.run_lock import run_lock

# The real lock, signals and supervisor around two children of which one leaves orphans when it is killed.
FAKE_STACK = """
import os, signal, sys
from pathlib import Path
from rich.console import Console
from chorus.stack.child import Component
from chorus.stack.environment import base_environment
from chorus.stack.interrupts import one_interrupt
from chorus.stack.processes import adopt_orphans, end, marked
from chorus.stack.run_lock import run_lock
from chorus.stack.supervisor import Supervisor
from chorus.stack.voice import Voice

ORPHANING = '''
import subprocess, sys, time
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
subprocess.Popen([sys.executable, "-c", stubborn])
subprocess.Popen([sys.executable, "-c", stubborn], start_new_session=True)
time.sleep(600)
'''
# Tests that run under nohup hand on that a closed terminal is ignored.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
root = Path(sys.argv[1])
environment = base_environment(root, os.environ)
try:
    with one_interrupt(), run_lock(root / "lock") as lock:
        adopt_orphans()
        end(marked(root))
        with Supervisor(root, Voice(Console())) as supervisor:
            supervisor.start(
                *(
                    Component(name, (sys.executable, "-c", ORPHANING), root / name, environment)
                    for name in ("one", "two")
                )
            )
            while len(marked(root)) < 6:
                supervisor.wait(0.05)
            lock.announce("http://127.0.0.1:8080")
            print("up", *sorted(supervisor.pids().values()), flush=True)
            supervisor.wait(float(sys.argv[2]))
        print("done", flush=True)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


@pytest.fixture
def fake_stack(tmp_path, eventually, request):
    serves = getattr(request, "param", 600)
    program = subprocess.Popen(
        [sys.executable, "-c", FAKE_STACK, str(tmp_path), str(serves)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in program.stdout:
        if line.startswith("up"):
            program.children = [int(pid) for pid in line.split()[1:]]
            break
    yield program
    program.kill()
    program.wait()
    program.stdout.close()
    eventually(lambda: [process.kill() for process in marked(tmp_path)] == [])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(fake_stack, tmp_path, how):
    """That it takes a whole stack no more than ten seconds is shown in tests/e2e."""
    family = psutil.Process(fake_stack.pid).children(recursive=True)
    assert len(family) >= 6
    fake_stack.send_signal(how)
    assert fake_stack.wait(60) == 0
    assert "stopped" in fake_stack.stdout.read()
    assert [process for process in family if process.is_running()] == []
    assert marked(tmp_path) == []


def test_pressing_ctrl_c_again_and_again_does_not_leave_anything_behind(fake_stack, tmp_path):
    for _ in range(5):
        fake_stack.send_signal(signal.SIGINT)
        time.sleep(0.2)
    assert fake_stack.wait(60) == 0
    assert marked(tmp_path) == []


@pytest.mark.parametrize("fake_stack", [0], indirect=True)
def test_ctrl_c_while_it_is_stopping_by_itself_leaves_nothing_behind(fake_stack, tmp_path):
    time.sleep(0.1)
    fake_stack.send_signal(signal.SIGINT)
    assert fake_stack.wait(60) == 0
    assert "done" in fake_stack.stdout.read()
    assert marked(tmp_path) == []


def test_ctrl_c_leaves_nothing_behind_after_a_child_was_killed(fake_stack, tmp_path):
    family = psutil.Process(fake_stack.pid).children(recursive=True)
    os.kill(fake_stack.children[0], signal.SIGKILL)
    time.sleep(0.3)
    family += psutil.Process(fake_stack.pid).children(recursive=True)
    fake_stack.send_signal(signal.SIGINT)
    assert fake_stack.wait(60) == 0
    assert [process for process in family if process.is_running()] == []
    assert marked(tmp_path) == []


def test_the_start_after_a_killed_one_ends_what_that_one_left(fake_stack, tmp_path):
    fake_stack.kill()
    fake_stack.wait()
    left = {process.pid for process in marked(tmp_path)}
    assert left
    second = subprocess.Popen(
        [sys.executable, "-c", FAKE_STACK, str(tmp_path), "600"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert any(line.startswith("up") for line in second.stdout)
        assert not left & {process.pid for process in marked(tmp_path)}
    finally:
        second.send_signal(signal.SIGINT)
        second.wait(10)
        second.stdout.close()
    assert marked(tmp_path) == []


def test_the_second_start_says_where_the_first_is(fake_stack, tmp_path):
    with pytest.raises(StackError) as refused, run_lock(tmp_path / "lock"):
        pass
    assert str(refused.value) == (
        "Chorus already runs here, at http://127.0.0.1:8080 "
        f"(process {fake_stack.pid}); `make stop` ends it."
    )


def test_the_lock_is_free_once_its_holder_was_killed(fake_stack, tmp_path):
    fake_stack.kill()
    fake_stack.wait()
    with run_lock(tmp_path / "lock"):
        pass


def test_a_folder_that_somebody_else_made_is_one_sentence(tmp_path):
    folder = tmp_path / ".run"
    folder.mkdir(mode=0o500)
    us = os.geteuid()
    if us == 0:
        os.seteuid(1)
    try:
        with (
            pytest.raises(StackError, match=r"not write in .*\.run.*chown"),
            run_lock(folder / "lock"),
        ):
            pass
    finally:
        os.seteuid(us)


@pytest.mark.parametrize(("once", "code"), [(True, 1), (False, 0)])
def test_a_first_wave_that_is_given_up_ends_the_stack_only_where_nobody_wants_to_look(
    tmp_path, monkeypatch, capsys, once, code
):
    def gives_up(*_):
        raise StackError("silver was not woken.")

    def interrupted(_):
        raise KeyboardInterrupt

    stack = Stack(AirflowApi("http://127.0.0.1:9", ""), Settings(_env_file=None), [], None)
    monkeypatch.setattr(main, "adopt_orphans", lambda: None)
    monkeypatch.setattr(main, "bring_up", lambda *_: stack)
    monkeypatch.setattr(main, "_first_wave", gives_up)
    monkeypatch.setattr(main, "_serve", interrupted)
    assert main.run_stack(once=once, run=RunFolder(tmp_path)) == code
    said = capsys.readouterr().out
    assert "silver was not woken." in said
    assert ("sign in as" in said) is not once


def test_a_port_in_use_gives_way_to_the_next_and_says_so():
    said = []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]
        port = Ports(said.append).choose(wanted, "the Airflow UI")
    assert port > wanted
    assert said == [f"Port {wanted} is in use; the Airflow UI takes {port}."]


def test_two_who_choose_a_port_before_either_listens_choose_two():
    ours, theirs = Ports(print), Ports(print)
    wanted = any_free_port()
    assert ours.choose(wanted, "a UI") == wanted
    assert ours.choose(wanted, "a database") > wanted
    assert theirs.choose(wanted, "a UI") > wanted
    ours.close()
    assert Ports(print).choose(wanted, "a UI") == wanted


def test_a_port_memory_that_makes_no_sense_is_forgotten(tmp_path):
    memory = tmp_path / "port"
    assert remembered_port(memory, 54_320) == 54_320
    memory.write_text("54321")
    assert remembered_port(memory, 54_320) == 54_321
    for nonsense in ("", "five", "0", "70000"):
        memory.write_text(nonsense)
        assert remembered_port(memory, 54_320) == 54_320


@pytest.mark.parametrize(
    ("variable", "value"), [("API_TIMEOUT", "banana"), ("CHORUS_PORT", "0")]
)
def test_a_wrong_setting_stops_the_start_with_its_sentence(variable, value, tmp_path):
    started = subprocess.run(
        [sys.executable, "-m", "chorus", "run"],
        cwd=tmp_path,
        env={**os.environ, variable: value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.returncode == 2
    assert started.stderr == ""
    [sentence] = started.stdout.splitlines()
    assert sentence.startswith(f"{variable} is wrong: ")


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"DEMO_NETWORK": "off", "TARGETS_FILE": "{here}/targets.yaml"}, "mastadon"),
        (
            {"SENTIMENT_BACKEND": "transformers", "SENTIMENT_MODEL_NAME": "some/body"},
            "some/body",
        ),
    ],
)
def test_what_a_setting_names_is_looked_at_before_anything_starts(variables, named, tmp_path):
    (tmp_path / "targets.yaml").write_text("mastadon: []\n")
    started = subprocess.run(
        [sys.executable, "-m", "chorus", "run"],
        cwd=tmp_path,
        env={
            **os.environ,
            **{name: value.format(here=tmp_path) for name, value in variables.items()},
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.returncode == 2
    [sentence] = started.stdout.splitlines()
    assert named in sentence
