import os
import socket
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from chorus.domain.errors import ModelHostFailed
from chorus.sentiment.cards import ModelCard
from chorus.sentiment.host.client import HostClient
from chorus.sentiment.host.place import place_of

Maker = Callable[..., HostClient]

STRANGER = """
import socket, sys
connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.sendall(b'\\0\\0\\0\\x0f{"do":"health"}')
print(len(connection.recv(100)))
"""


def test_no_credential_reaches_the_host(
    host_of: Maker, vader: ModelCard, monkeypatch: pytest.MonkeyPatch
):
    secret = "do-not-tell-anybody"
    for name in ("DATABASE_PASSWORD", "AIRFLOW_CONN_X", "AWS_SECRET_ACCESS_KEY", "HF_TOKEN"):
        monkeypatch.setenv(name, secret)
    pid = host_of(vader).health()["pid"]
    assert secret.encode() not in Path(f"/proc/{pid}/environ").read_bytes()


def test_a_host_inherits_no_open_file_of_the_task(host_of: Maker, vader: ModelCard):
    ours, theirs = socket.socketpair()
    os.set_inheritable(theirs.fileno(), True)
    inode = os.fstat(theirs.fileno()).st_ino
    with ours, theirs:
        pid = host_of(vader).health()["pid"]
        files = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    assert f"socket:[{inode}]" not in files


def test_its_directory_and_its_socket_are_this_users_alone(host_of: Maker, vader: ModelCard):
    client = host_of(vader)
    client.health()
    assert stat.S_IMODE(client.place.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(client.place.socket.stat().st_mode) == 0o600


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another user")
def test_another_user_gets_no_answer_even_where_the_file_modes_would_let_them_in(
    host_of: Maker, vader: ModelCard, runtime: Path
):
    client = host_of(vader)
    client.health()
    for path, mode in (
        (runtime, 0o755),
        (client.place.directory, 0o755),
        (client.place.socket, 0o666),
    ):
        path.chmod(mode)
    said = subprocess.run(
        ["/usr/bin/env", "python3", "-c", STRANGER, str(client.place.socket)],
        user=65534,
        group=65534,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout.strip() in ("0", ""), said
    assert "REFUSED a process of another user" in client.place.log.read_text()
    for path in (runtime, client.place.directory):
        path.chmod(0o700)


def test_a_directory_that_others_can_enter_is_refused(vader: ModelCard, runtime: Path):
    runtime.chmod(0o755)
    with pytest.raises(ModelHostFailed, match="mode 0700"):
        place_of(vader, "cpu", "exact", runtime)


def test_a_link_in_the_place_of_the_directory_is_refused(
    vader: ModelCard, runtime: Path, tmp_path: Path
):
    place = place_of(vader, "cpu", "exact", runtime)
    place.directory.rmdir()
    tmp_path.chmod(0o700)
    place.directory.symlink_to(tmp_path)
    with pytest.raises(ModelHostFailed, match="remove it"):
        place_of(vader, "cpu", "exact", runtime)


def test_a_name_too_long_for_a_socket_is_said_so(vader: ModelCard, tmp_path: Path):
    with pytest.raises(ModelHostFailed, match="set TMPDIR"):
        place_of(vader, "cpu", "exact", tmp_path / ("x" * 100))
