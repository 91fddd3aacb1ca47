"""What docker-compose.yaml runs inside its containers, run here: the words are the file's, only places differ."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chorus.stack.ports import any_free_port

Services = dict[str, dict[str, Any]]
PASSWORD = "letters-and-digits-1"
needs_redis = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="redis-server is not installed"
)


def script(words: list[str], **places: str) -> list[str]:
    """As Compose hands them over: its own dollars taken out."""
    said = words[-1].replace("$$", "$")
    for there, here in places.items():
        said = said.replace(there, here)
    return ["sh", "-ec", said]


@pytest.fixture
def redis(services: Services, tmp_path: Path) -> Iterator[int]:
    port = any_free_port()
    words = services["redis"]["command"][-1].replace(
        "dir /data", f"dir {tmp_path}\nport {port}\nbind 127.0.0.1"
    )
    server = subprocess.Popen(
        script([words]),
        env={**os.environ, "REDIS_PASSWORD": PASSWORD},
        stdout=subprocess.DEVNULL,
    )
    yield port
    server.terminate()
    server.wait()


def is_well(
    services: Services, name: str, environment: dict[str, str], within: float, **places: str
) -> bool:
    """Its health check's verdict, asked again for a while, as Compose does."""
    patience = time.monotonic() + within
    while True:
        verdict = subprocess.run(
            script(services[name]["healthcheck"]["test"], **places),
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
        )
        if verdict.returncode == 0 or time.monotonic() > patience:
            return verdict.returncode == 0
        time.sleep(0.1)


@needs_redis
def test_redis_starts_with_its_password_and_its_health_check_knows_it(
    services: Services, redis: int
) -> None:
    here = {"redis-cli": f"redis-cli -p {redis}"}
    assert is_well(services, "redis", {"REDIS_PASSWORD": PASSWORD}, 10, **here)
    assert not is_well(services, "redis", {"REDIS_PASSWORD": "another"}, 0, **here)


@needs_redis
def test_the_health_check_of_a_worker_tells_one_that_answers_from_one_that_is_gone(
    services: Services, redis: int, tmp_path: Path
) -> None:
    told = services["worker"]["environment"]["BROKER_URL"]
    broker = f"redis://:{PASSWORD}@127.0.0.1:{redis}/0"
    assert told.partition(":${")[0] == "redis://"
    assert told.endswith("}@redis:6379/0")
    here = {"celery inspect": f"{sys.executable} -m celery inspect"}
    environment = {"BROKER_URL": broker, "HOSTNAME": "a-container"}
    (tmp_path / "app.py").write_text("from celery import Celery\napp = Celery()\n")
    worker = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "--app", "app", "--broker", broker, "worker"),
            *("--pool", "solo", "--hostname", "celery@a-container", "--loglevel", "critical"),
            *("--without-gossip", "--without-mingle"),
        ],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert is_well(services, "worker", environment, 60, **here)
    finally:
        worker.kill()
        worker.wait()
    gone = {"--timeout 5": "--timeout 1", **here}
    assert not is_well(services, "worker", environment, 0, **gone)


def test_init_makes_the_sign_in_once_and_migrates_both_databases(
    services: Services, tmp_path: Path
) -> None:
    passwords, did = tmp_path / "passwords.json", tmp_path / "did"
    for name in ("airflow", "chorus"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >> {did}\n')
        program.chmod(0o755)
    path = [str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]]
    told = {
        "PATH": os.pathsep.join(path),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
    }
    words = [*services["init"]["command"][:-1], script(services["init"]["command"])[-1]]

    made = set()
    for warehouse in ({}, {"DATABASE_URL": "postgresql://elsewhere/chorus"}):
        subprocess.run(words, env={**told, **warehouse}, check=True)
        assert json.loads(passwords.read_text()).keys() == {"admin"}
        assert passwords.stat().st_mode & 0o077 == 0
        made.add(passwords.read_text())
    assert len(made) == 1
    migrated = ["airflow db migrate", "chorus warehouse migrate", "chorus warehouse verify"]
    ours = [migrated[0], "chorus warehouse bootstrap", *migrated[1:]]
    assert did.read_text().splitlines() == ours + migrated


def test_the_health_check_of_the_exporter_is_whether_somebody_listens(
    services: Services,
) -> None:
    *words, program = services["exporter"]["healthcheck"]["test"][1:]
    assert words == ["python", "-c"]

    def verdict(port: int) -> int:
        here = program.replace("9464", str(port))
        return subprocess.run(
            [sys.executable, "-c", here], stderr=subprocess.DEVNULL, check=False
        ).returncode

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert verdict(port) == 0
    assert verdict(port) != 0
