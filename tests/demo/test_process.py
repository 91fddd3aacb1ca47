"""The demo network as the stack starts it: addresses in a file, a clean end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests

from chorus.demo.ports import HOST, Ports, listen, port_of
from chorus.domain.errors import ConfigurationError


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("chorus.demo", "{folder}", "0"), signal.SIGTERM),
        (
            (
                "chorus",
                "demo",
                "serve",
                "--ports",
                "0",
                "--no-limits",
                "--state-dir",
                "{folder}",
            ),
            signal.SIGINT,
        ),
    ],
    ids=["by the stack", "by a person"],
)
def test_it_says_where_it_is_and_ends_cleanly_when_told(tmp_path, words, number):
    file = tmp_path / "demo-network.json"
    command = [sys.executable, "-m", *(word.format(folder=tmp_path) for word in words)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        for _ in range(300):
            if file.exists():
                break
            time.sleep(0.1)
        addresses = json.loads(file.read_text())
        assert addresses["pid"] == process.pid
        for url in (*addresses["instances"].values(), addresses["hub_url"]):
            assert requests.get(url, timeout=20).status_code == 200
        os.kill(process.pid, number)
        output, _ = process.communicate(timeout=10)
    finally:
        process.kill()
    assert process.returncode == 0
    assert json.loads(output) == addresses
    assert not file.exists()


def test_a_port_in_use_gives_way_to_the_next():
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        with listen(taken) as ours:
            assert taken < port_of(ours) <= taken + 50


@pytest.mark.parametrize("text", ["", "80", "1,2,3", "a,b,c,d", "1,2,3,4,5"])
def test_ports_that_make_no_sense_are_refused_in_a_sentence(text):
    with pytest.raises(ConfigurationError, match="--ports"):
        Ports.parse(text)
