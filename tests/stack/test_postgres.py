"""The embedded server: started, interrupted, healed, as root and as an ordinary user."""

import io
import os
import shutil
import signal
import socketserver
import stat
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psutil
import psycopg
import pytest
from rich.console import Console

from chorus.domain.errors import StackError
from chorus.stack import postgres
from chorus.stack.leftover_servers import servers_on
from chorus.stack.ports import any_free_port
from chorus.stack.postgres import Cluster
from chorus.stack.running_postgres import running_postgres
from chorus.stack.supervisor import Supervisor
from chorus.stack.voice import Voice

ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not ROOT, reason="needs root to become somebody else")
ORDINARY = 1  # daemon: initdb wants a user who has a name
BECOME = ("setpriv", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups")

USE_AND_LEAVE = """
import sys
from pathlib import Path
import psycopg
from chorus.stack.running_postgres import running_postgres

with running_postgres(Path(sys.argv[1]), durable=False) as cluster:
    with psycopg.connect(cluster.dsn()) as connection:
        print(connection.execute("select current_user").fetchone()[0])
"""


@pytest.fixture
def ordinary_home():
    """A folder of an ordinary user, and a Python that this user may run."""
    seen = subprocess.run(
        [*BECOME, sys.executable, "-c", "import chorus"], cwd="/", check=False
    )
    if seen.returncode != 0:
        pytest.skip("an ordinary user does not get into this clone")
    home = Path(tempfile.mkdtemp(prefix="ordinary", dir="/var/tmp"))
    os.chown(home, ORDINARY, ORDINARY)
    yield home
    shutil.rmtree(home)


def _remember(cluster):
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute("create table kept as select 42 as answer")


def _answer(cluster):
    with psycopg.connect(cluster.dsn()) as connection:
        return connection.execute("select answer from kept").fetchone()[0]


def _started(cluster):
    cluster.prepare()
    return subprocess.Popen(
        [*cluster.become, *cluster.command()],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_for(cluster, server):
    while not cluster.answers():
        assert server.poll() is None


class _StartingUp(socketserver.BaseRequestHandler):
    """Says to everybody what PostgreSQL 18 was seen to say while it recovers."""

    def handle(self):
        self.request.recv(1024)
        said = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
        self.request.sendall(b"E" + struct.pack(">i", len(said) + 4) + said)


def test_a_server_that_recovers_is_waited_for_longer_than_one_that_is_silent(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(postgres, "START_WITHIN", -1.0)
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            recovering.shutdown()
            recovering.server_close()

    with socketserver.TCPServer(("127.0.0.1", 0), _StartingUp) as recovering:
        threading.Thread(target=recovering.serve_forever, daemon=True).start()
        with pytest.raises(StackError, match="does not let us in"):
            Cluster(tmp_path, recovering.server_address[1]).wait_until_up(pause)
    assert len(pauses) == 3


@pytest.fixture
def run_folder(tmp_path):
    folder = tmp_path / "with a space" / "run"
    folder.mkdir(parents=True)
    yield folder
    for process in servers_on(folder / "postgres" / "data"):
        process.kill()


def test_what_was_written_is_there_after_a_restart(run_folder):
    with running_postgres(run_folder) as cluster:
        assert psycopg.connect(cluster.dsn()).info.server_version >= 180_000
        _remember(cluster)
    with running_postgres(run_folder) as cluster:
        assert _answer(cluster) == 42
    assert servers_on(run_folder / "postgres" / "data") == []


def test_only_loopback_and_only_with_the_password(run_folder):
    with running_postgres(run_folder, durable=False) as cluster:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(cluster.dsn(), password="guessed")
        heard = {c.laddr.ip for c in psutil.net_connections() if c.laddr.port == cluster.port}
        assert heard == {"127.0.0.1"}
    for file in (run_folder / "secrets").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_commits_are_durable_unless_a_test_asks_otherwise(run_folder):
    with (
        running_postgres(run_folder) as cluster,
        psycopg.connect(cluster.dsn()) as connection,
    ):
        assert connection.execute("show fsync").fetchone() == ("on",)
        assert connection.execute("show synchronous_commit").fetchone() == ("on",)


def test_a_server_left_by_a_killed_predecessor_is_ended(run_folder):
    with running_postgres(run_folder) as cluster:
        _remember(cluster)
    before = Cluster(run_folder, cluster.port)
    server = _started(before)
    _wait_for(before, server)
    with running_postgres(run_folder) as cluster:
        assert server.wait(5) is not None
        assert _answer(cluster) == 42


def test_a_killed_server_loses_nothing_that_was_committed(run_folder):
    with running_postgres(run_folder) as cluster:
        before = Cluster(run_folder, cluster.port)
    server = _started(before)
    _wait_for(before, server)
    _remember(before)
    server.send_signal(signal.SIGKILL)
    server.wait()
    with running_postgres(run_folder) as cluster:
        assert _answer(cluster) == 42


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start(run_folder):
    with running_postgres(run_folder) as cluster:
        data = cluster.data
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n\n127.0.0.1\n\n")
    with running_postgres(run_folder) as cluster:
        assert cluster.answers()


def test_a_half_made_data_folder_is_made_again(run_folder):
    half = run_folder / "postgres" / "data.new" / "base"
    half.mkdir(parents=True)
    (half / "1").write_text("interrupted")
    with running_postgres(run_folder, durable=False) as cluster:
        assert cluster.answers()
    assert not half.parent.exists()


def test_a_lost_password_is_set_anew(run_folder):
    with running_postgres(run_folder) as cluster:
        _remember(cluster)
    shutil.rmtree(run_folder / "secrets")
    with running_postgres(run_folder) as cluster:
        assert _answer(cluster) == 42


def test_an_empty_secret_is_a_lost_one(run_folder):
    with running_postgres(run_folder):
        pass
    (run_folder / "secrets" / "postgres_superuser").write_text("")
    with running_postgres(run_folder) as cluster:
        assert cluster.answers()


def test_a_password_that_the_server_did_not_get_is_not_kept(run_folder, monkeypatch):
    with running_postgres(run_folder) as cluster:
        pass
    shutil.rmtree(run_folder / "secrets")
    with monkeypatch.context() as broken:
        broken.setattr(postgres, "SUPERUSER", "nobody'")
        with pytest.raises(StackError, match="takes no new password"):
            Cluster(run_folder, cluster.port).prepare()
    assert not (run_folder / "secrets").exists()
    with running_postgres(run_folder) as cluster:
        assert cluster.answers()


def test_a_server_that_lets_nobody_in_is_not_waited_for_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "START_WITHIN", 0.2)
    silent = Cluster(tmp_path, any_free_port())
    with (
        Supervisor(tmp_path, Voice(Console(file=io.StringIO()))) as supervisor,
        pytest.raises(StackError, match=r"postgres\.log.*remove .*postgres_superuser"),
    ):
        silent.wait_until_up(supervisor.wait)


def test_a_taken_port_is_one_sentence_that_names_the_log(run_folder):
    with (
        running_postgres(run_folder / "first", durable=False) as first,
        pytest.raises(StackError, match=r"PostgreSQL ended while starting .*postgres\.log"),
        running_postgres(run_folder / "second", port=first.port, durable=False),
    ):
        pass
    assert servers_on(run_folder / "second" / "postgres" / "data") == []


@only_root
def test_root_starts_it_as_nobody_below_a_closed_folder_and_changes_no_permission():
    closed = Path(tempfile.mkdtemp(prefix="closed", dir="/root"))
    users = Path("/etc/passwd").read_bytes()
    modes = [path.stat().st_mode for path in (Path("/root"), closed)]
    try:
        with running_postgres(closed / "x" / "run", durable=False) as cluster:
            postmaster = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
            assert psutil.Process(postmaster).uids().real == 65_534
        assert [path.stat().st_mode for path in (Path("/root"), closed)] == modes
        assert Path("/etc/passwd").read_bytes() == users
    finally:
        shutil.rmtree(closed)


@only_root
def test_an_ordinary_user_starts_it_plainly(ordinary_home):
    run_folder = ordinary_home / "run"
    used = subprocess.run(
        [*BECOME, sys.executable, "-W", "error", "-c", USE_AND_LEAVE, str(run_folder)],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (used.stdout, used.returncode) == ("postgres\n", 0), used.stderr
    assert (run_folder / "postgres" / "data").stat().st_uid == ORDINARY


@only_root
def test_root_goes_on_with_the_data_of_an_ordinary_user(ordinary_home):
    leave = [*BECOME, sys.executable, "-c", USE_AND_LEAVE, str(ordinary_home)]
    subprocess.run(leave, cwd="/", stdout=subprocess.DEVNULL, check=True)
    with running_postgres(ordinary_home, durable=False) as cluster:
        assert cluster.answers()
        assert cluster.data.stat().st_uid == ORDINARY
