"""The data set is the same bytes for the same arguments, and holds exactly what was asked for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chorus.cli.demo import app
from chorus.demo.seeding import seed
from chorus.domain.errors import ConfigurationError


def lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("users", "posts", "hashtags"), [(1000, 10_000, 150), (40, 40, 200), (7, 300, 3), (1, 1, 1)]
)
def test_exactly_so_many_users_posts_and_hashtags(tmp_path, users, posts, hashtags):
    written = seed(tmp_path, users=users, posts=posts, hashtags=hashtags, seed=1337)

    statuses, accounts = lines(written.statuses), lines(written.accounts)

    assert len({status["id"] for status in statuses}) == len(statuses) == posts
    assert {a["id"] for a in accounts} == {s["account"]["id"] for s in statuses}
    assert len(accounts) == users
    used = {tag["name"] for status in statuses for tag in status["tags"]}
    assert used == {tag["name"] for tag in lines(written.hashtags)}
    assert len(used) == hashtags
    there = {status["id"] for status in statuses}
    assert all(s["in_reply_to_id"] in there for s in statuses if s["in_reply_to_id"])


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(tmp_path):
    def bytes_of(name: str, number: int) -> list[bytes]:
        arguments = ["--users", "50", "--posts", "400", "--hashtags", "20"]
        folder = tmp_path / name
        result = CliRunner().invoke(
            app, ["seed", "--out", str(folder), "--seed", str(number), *arguments]
        )
        assert result.exit_code == 0, result.output
        return [file.read_bytes() for file in sorted(folder.iterdir())]

    assert bytes_of("a", 1337) == bytes_of("b", 1337) != bytes_of("c", 7)


def test_another_process_with_other_hashes_writes_the_same_bytes(tmp_path):
    def bytes_of(hash_seed: str) -> list[bytes]:
        folder = tmp_path / hash_seed
        small = ["--users", "20", "--posts", "60", "--hashtags", "9"]
        command = [sys.executable, "-m", "chorus", "demo", "seed", "--out", str(folder), *small]
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True)
        return [file.read_bytes() for file in sorted(folder.iterdir())]

    assert bytes_of("1") == bytes_of("2")


def test_more_users_than_posts_cannot_be(tmp_path):
    with pytest.raises(ConfigurationError, match="3 posts cannot be by 5 users"):
        seed(tmp_path, users=5, posts=3, hashtags=1, seed=1)
