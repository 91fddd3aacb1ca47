"""The supervisor with small children that are killed, refuse to go, and leave children of their own."""

import io
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest
from rich.console import Console

from chorus.domain.errors import StackError
from chorus.stack.child import Component
from chorus.stack.embedded_databases import postgres_component
from chorus.stack.environment import base_environment
from chorus.stack.leftover_servers import servers_on
from chorus.stack.ports import any_free_port
from chorus.stack.postgres import Cluster
from chorus.stack.processes import marked
from chorus.stack.supervisor import Patience, Supervisor
from chorus.stack.voice import Voice

SLEEPS = "import time; print('here', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"
FAILS = "print('the port is taken', flush=True); raise SystemExit(3)"
HAS_A_CHILD = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {STUBBORN!r}])
{SLEEPS}
"""
# A process that hides as well as one can: a session of its own, and nobody's child.
HAS_A_HIDDEN_GRANDCHILD = f"""
import os, subprocess, sys
if os.fork() == 0:
    subprocess.Popen([sys.executable, "-c", {STUBBORN!r}], start_new_session=True)
    os._exit(0)
os.wait()
{SLEEPS}
"""
QUICK = Patience(first_delay=0.05, settled_after=0.5, quick_deaths=3, grace=1.0)
NAMES = ("first", "second", "third")


@pytest.fixture
def said():
    return io.StringIO()


@pytest.fixture
def supervisor(tmp_path, said):
    with Supervisor(tmp_path, Voice(Console(file=said)), QUICK) as supervisor:
        yield supervisor


@pytest.fixture
def component(tmp_path):
    def make(name, script, **more):
        return Component(
            name=name,
            command=(sys.executable, "-c", script),
            log=tmp_path / "logs" / f"{name}.log",
            environment=base_environment(tmp_path, os.environ),
            **more,
        )

    return make


def running(eventually, supervisor, name):
    return eventually(lambda: supervisor.pids().get(name))


def dead(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("victim", NAMES)
def test_whichever_child_is_killed_starts_again_and_the_others_go_on(
    supervisor, component, said, victim, eventually
):
    supervisor.start(*(component(name, SLEEPS) for name in NAMES))
    before = {name: running(eventually, supervisor, name) for name in NAMES}
    os.kill(before[victim], signal.SIGKILL)
    eventually(lambda: supervisor.pids().get(victim, before[victim]) != before[victim])
    after = supervisor.pids()
    assert {name for name in NAMES if after[name] != before[name]} == {victim}
    eventually(lambda: said.getvalue().count(f"{victim} ") == 3)
    assert "was killed by SIGKILL; starts again in 0.1 s" in said.getvalue()


def test_a_component_that_may_wait_starts_after_those_that_were_named_later(
    supervisor, component, said, eventually
):
    supervisor.start(component("late", SLEEPS), after=0.5)
    supervisor.start(component("early", SLEEPS))
    running(eventually, supervisor, "early")
    assert "late" not in supervisor.pids()
    running(eventually, supervisor, "late")
    assert "again" not in said.getvalue()


def test_what_a_killed_child_leaves_behind_is_ended_before_it_starts_again(
    supervisor, component, eventually
):
    supervisor.start(component("parent", HAS_A_CHILD))
    parent = running(eventually, supervisor, "parent")
    [orphan] = eventually(lambda: psutil.Process(parent).children())
    os.kill(parent, signal.SIGKILL)
    eventually(lambda: supervisor.pids().get("parent", parent) != parent)
    assert dead(orphan.pid)


def test_a_component_that_dies_while_starting_is_given_up_with_its_last_words(
    supervisor, component, tmp_path
):
    supervisor.start(component("broken", FAILS))
    with pytest.raises(StackError) as given_up:
        supervisor.wait(10)
    assert str(given_up.value) == (
        "broken ended with exit code 3 3 times while starting; it last said: the port is taken; "
        f"see {tmp_path / 'logs' / 'broken.log'}."
    )


def test_a_component_that_once_ran_is_never_given_up(supervisor, component, eventually):
    supervisor.start(component("mortal", SLEEPS))
    time.sleep(2 * QUICK.settled_after)
    for _ in range(QUICK.quick_deaths + 1):
        pid = running(eventually, supervisor, "mortal")
        os.kill(pid, signal.SIGKILL)
        eventually(lambda pid=pid: supervisor.pids().get("mortal", pid) != pid)
    supervisor.check()


def test_a_program_that_is_not_there_is_one_sentence(supervisor, tmp_path):
    component = Component("nothing", ("/no/such/program",), tmp_path / "log", {"PATH": ""})
    supervisor.start(component)
    with pytest.raises(StackError, match="no/such/program"):
        supervisor.wait(10)


@pytest.mark.parametrize("error", [RuntimeError("broken"), OSError()])
def test_whatever_ends_the_supervisor_is_heard_by_those_who_wait(supervisor, component, error):
    def fail():
        raise error

    supervisor.start(component("never", SLEEPS, before_start=fail))
    with pytest.raises(StackError, match=type(error).__name__) as heard:
        supervisor.wait(10)
    assert heard.value.__cause__ is error


def test_the_delay_stays_a_number_however_often_a_child_died():
    assert [Patience().delay(deaths) for deaths in (1, 2, 5_000)] == [0.5, 1.0, 30.0]


def test_stopping_leaves_nothing_behind_not_even_those_who_refuse_or_hide(
    tmp_path, said, component, eventually
):
    with Supervisor(tmp_path, Voice(Console(file=said)), QUICK) as supervisor:
        supervisor.start(
            component("stubborn", STUBBORN),
            component("parent", HAS_A_CHILD),
            component("hiding", HAS_A_HIDDEN_GRANDCHILD),
            component("last", SLEEPS, stops_last=True),
        )
        eventually(lambda: len(supervisor.pids()) == 4)
        eventually(lambda: len(marked(tmp_path)) == 6)
        before = time.monotonic()
    assert time.monotonic() - before < 10
    assert marked(tmp_path) == []


def test_the_database_outlives_those_who_use_it(tmp_path, said, component, eventually):
    notes = tmp_path / "notes"
    leaves_a_note = """
import signal, sys, time
def note(*_):
    with open({notes!r}, "a") as file: file.write("{name}\\n")
    sys.exit()
signal.signal(signal.SIGTERM, note)
print("ready", flush=True)
time.sleep(600)
"""
    with Supervisor(tmp_path, Voice(Console(file=said)), QUICK) as supervisor:
        for name in ("database", "user"):
            script = leaves_a_note.format(notes=str(notes), name=name)
            supervisor.start(component(name, script, stops_last=name == "database"))
            log = tmp_path / "logs" / f"{name}.log"
            eventually(lambda log=log: log.exists() and log.read_text() == "ready\n")
    assert notes.read_text() == "user\ndatabase\n"


def test_all_that_a_child_says_is_in_its_log(supervisor, component, tmp_path, eventually):
    supervisor.start(component("talker", f"print('a' * 100_000); {SLEEPS}"))
    log = tmp_path / "logs" / "talker.log"
    eventually(lambda: log.exists() and log.read_text() == "a" * 100_000 + "\nhere\n")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of our death")
def test_children_go_when_the_supervisor_is_killed(tmp_path, eventually):
    script = f"""
import os, sys, time
from pathlib import Path
from rich.console import Console
from chorus.stack.child import Component
from chorus.stack.embedded_databases import postgres_component
from chorus.stack.environment import base_environment
from chorus.stack.supervisor import Supervisor
from chorus.stack.voice import Voice

root = Path(sys.argv[1])
environment = base_environment(root, os.environ)
with Supervisor(root, Voice(Console())) as supervisor:
    supervisor.start(Component("child", (sys.executable, "-c", {SLEEPS!r}), root / "log", environment))
    while not supervisor.pids():
        time.sleep(0.01)
    print("up", flush=True)
    time.sleep(600)
"""
    first = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    eventually(lambda: first.stdout.readline() == "up\n")
    assert len(marked(tmp_path)) == 1
    first.kill()
    first.wait()
    first.stdout.close()
    eventually(lambda: marked(tmp_path) == [])


def test_a_database_that_needs_too_long_is_told_to_stop_now_and_leaves_no_worker(
    tmp_path, said, component
):
    cluster = Cluster(tmp_path, any_free_port(), durable=False)
    cluster.prepare()
    with Supervisor(
        tmp_path, Voice(Console(file=said)), replace(QUICK, last_grace=0)
    ) as supervisor:
        supervisor.start(postgres_component(cluster, base_environment(tmp_path, os.environ)))
        while not cluster.answers():
            supervisor.wait(0.05)
    assert servers_on(cluster.data) == []
    assert "received immediate shutdown request" in cluster.log.read_text()
