"""The make targets: the same names on both stacks, and what each becomes on docker compose."""

import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from chorus import paths

STACKS = ("embedded", "compose")
PROMISED = [
    "help",
    "start",
    "stop",
    "restart",
    "status",
    "logs",
    "logs-postgres",
    "logs-metabase",
    "run-etl",
    "pipeline",
    "psql",
    "db-query",
    "backup",
    "restore",
    "clean",
    "reset",
    "verify",
    "verify-loader",
    "install",
    "quickstart",
]
COMPOSE = ("docker", "compose")
RECORDING = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["RECORDED"], "a") as recorded:
    recorded.write(json.dumps(["docker", *sys.argv[1:]]) + "\\n")
"""

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository as make sees it, with a .venv that needs nothing."""
    clone = tmp_path / "clone"
    (clone / "tools").mkdir(parents=True)
    (clone / "ops").mkdir()
    programs = ("ops/passwords.sh", "ops/restore.sh")
    for file in ("Makefile", "tools/embedded.mk", "tools/compose.mk", *programs):
        shutil.copy(paths.ROOT / file, clone / file)
    (clone / "requirements.txt").touch()
    (clone / "pyproject.toml").touch()
    version = "python{}.{}".format(*sys.version_info)
    (clone / ".venv" / "lib" / version / "site-packages").mkdir(parents=True)
    (clone / ".venv" / "bin").mkdir()
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (clone / ".venv" / ".locked").touch()
    (clone / ".venv" / ".ready").touch()
    return clone


@pytest.fixture
def make(folder: Path, tmp_path: Path) -> Make:
    """Types `make` where `docker` only writes down what it was asked."""
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text(RECORDING)
    docker.chmod(0o755)
    path = os.pathsep.join([str(docker.parent), os.environ["PATH"]])

    def run(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", "--no-print-directory", *words],
            cwd=folder,
            env={"PATH": path, "RECORDED": str(tmp_path / "recorded")},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def asked(make: Make, tmp_path: Path) -> Callable[..., list[list[str]]]:
    """What docker was asked by a target of the compose stack."""

    def commands(*words: str, typed: str = "") -> list[list[str]]:
        done = make("STACK=compose", *words, typed=typed)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in (tmp_path / "recorded").read_text().splitlines()]

    return commands


@pytest.mark.parametrize("stack", STACKS)
def test_every_promised_target_is_in_the_help_of_both_stacks(make: Make, stack: str) -> None:
    listed = [line.split()[0] for line in make(f"STACK={stack}").stdout.splitlines()]
    assert set(PROMISED) <= set(listed)
    assert len(set(listed)) == len(listed)


def test_a_stack_that_does_not_exist_is_one_sentence(make: Make) -> None:
    done = make("STACK=swarm", "start")
    assert done.returncode != 0
    assert "STACK=swarm is neither embedded" in done.stderr


def _later(file: Path) -> None:
    os.utime(file, (time.time() + 60, time.time() + 60))


ANEW, OURS = "-m venv --clear .venv", "--no-build-isolation -e ."


@pytest.mark.parametrize(
    ("happened", "steps"),
    [
        (lambda clone: (clone / "README.md").touch(), set()),
        (lambda clone: _later(clone / "pyproject.toml"), {OURS}),
        (lambda clone: _later(clone / "requirements.txt"), {ANEW, OURS}),
        (lambda clone: (clone / ".venv" / ".ready").write_text("/elsewhere"), {ANEW, OURS}),
        (lambda clone: (clone / ".venv" / "bin" / "python").unlink(), {ANEW, OURS}),
    ],
    ids=["nothing", "our own settings", "the lock", "it was moved", "its Python is gone"],
)
def test_the_venv_is_made_anew_when_the_lock_changed_or_it_cannot_run(
    make: Make, folder: Path, happened: Callable[[Path], object], steps: set[str]
) -> None:
    (folder / ".venv" / ".ready").write_text(str(folder))
    happened(folder)
    said = make("-n", "install").stdout
    assert {step for step in (ANEW, OURS) if step in said} == steps


WORKER = (*COMPOSE, "exec", "worker", "chorus")
POSTGRES = (*COMPOSE, "exec", "-T", "postgres")
WEIGHTS = "include/models/weights"
# What a shell makes of `$(cat ...)`: the line's end goes.
RESTORE = (paths.ROOT / "ops" / "restore.sh").read_text().rstrip("\n")


@pytest.mark.parametrize(
    ("target", "commands"),
    [
        ("install", [(*COMPOSE, "build")]),
        ("start", [(*COMPOSE, "up", "--detach")]),
        ("stop", [(*COMPOSE, "stop")]),
        ("restart", [(*COMPOSE, "stop"), (*COMPOSE, "up", "--detach")]),
        ("status", [(*COMPOSE, "ps")]),
        ("logs", [(*COMPOSE, "logs", "--follow", "--tail", "20")]),
        ("logs-postgres", [(*COMPOSE, "logs", "--follow", "--tail", "20", "postgres")]),
        ("logs-metabase", [(*COMPOSE, "logs", "--follow", "--tail", "20", "metabase")]),
        (
            "run-etl",
            [(*COMPOSE, "exec", "scheduler", "airflow", "dags", "trigger", "bronze_mastodon")],
        ),
        (
            "model",
            [
                (
                    *(*COMPOSE, "run", "--rm", "--no-deps"),
                    *("--user", f"{os.getuid()}:{os.getgid()}", "--env", "HF_HOME=/tmp"),
                    *("--volume", f"./{WEIGHTS}:/opt/chorus/{WEIGHTS}"),
                    *("worker", "chorus", "model", "fetch"),
                )
            ],
        ),
        ("verify", [(*WORKER, "warehouse", "verify")]),
        ("verify-loader", [(*WORKER, "warehouse", "check")]),
        ("pipeline", [(*WORKER, "pipeline")]),
        (
            "psql",
            [(*COMPOSE, "exec", "postgres", "psql", "--username=chorus_reader", "chorus")],
        ),
        (
            "backup",
            [
                (
                    *(*POSTGRES, "pg_dump", "--format=custom", "--exclude-extension=*"),
                    *("--username=chorus_owner", "chorus"),
                )
            ],
        ),
    ],
)
def test_on_compose_a_target_becomes(
    asked: Callable[..., list[list[str]]], target: str, commands: list[tuple[str, ...]]
) -> None:
    assert asked(target) == [list(words) for words in commands]


def test_a_statement_reaches_psql_as_it_was_typed(
    asked: Callable[..., list[list[str]]],
) -> None:
    typed = "select 'it''s', \"x\", $$50%$$ from t where a > 1"
    command = [f"--command={typed}", "chorus"]
    [words] = asked("db-query", f"SQL={typed}", "ROLE=monitor")
    assert words == [*POSTGRES, "psql", "--username=chorus_monitor", *command]


def test_what_env_says_holds_for_make_as_it_does_for_compose(
    asked: Callable[..., list[list[str]]], make: Make, folder: Path
) -> None:
    (folder / ".env").write_text(
        "#DATABASE_NAME=no\nDATABASE_NAME='other'\nCHORUS_PORT=9000\nGOLD_DATABASE_SCHEMA_NAME=shiny\n"
    )
    (folder / "dump").touch()
    assert asked("psql")[-1][-1] == "other"
    assert asked("psql", "DATABASE_NAME=given")[-1][-1] == "given"
    assert "http://localhost:9000;" in make("STACK=compose", "quickstart").stdout
    restoring = next(
        words for words in asked("restore", "FILE=dump", "FORCE=1") if "-c" in words
    )
    assert "GOLD_DATABASE_SCHEMA_NAME=shiny" in restoring


@pytest.mark.parametrize("stack", STACKS)
def test_no_statement_is_no_answer(make: Make, stack: str) -> None:
    done = make(f"STACK={stack}", "db-query")
    assert done.returncode != 0
    assert 'SQL="select ..."' in done.stdout


def test_a_backup_that_failed_leaves_the_dump_of_before(
    make: Make, folder: Path, tmp_path: Path
) -> None:
    docker = tmp_path / "bin" / "docker"
    docker.write_text("#!/bin/sh\necho whole\n")
    said = make("STACK=compose", "backup", 'FILE=my $"dump"')
    assert said.stdout == 'my $"dump" holds the warehouse.\n'
    docker.write_text("#!/bin/sh\necho cut; exit 1\n")
    assert make("STACK=compose", "backup", 'FILE=my $"dump"').returncode != 0
    assert (folder / 'my $"dump"').read_text() == "whole\n"
    assert not (folder / 'my $"dump".part').exists()


def test_a_backup_is_for_nobody_else_to_read(make: Make, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bin" / "docker").write_text("#!/bin/sh\necho whole\n")
    (folder / "chorus.dump.part").touch(0o644)
    assert make("STACK=compose", "backup").returncode == 0
    assert (folder / "chorus.dump").stat().st_mode & 0o077 == 0


def test_git_knows_nothing_of_a_backup() -> None:
    if not (paths.ROOT / ".git").exists():
        pytest.skip("this is no clone")
    dumps = ["chorus.dump", "chorus.dump.part", "kept/of-today.dump"]
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", *dumps],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ignored.stdout.split() == dumps


@pytest.mark.parametrize("stack", STACKS)
def test_a_backup_into_a_folder_is_refused(make: Make, folder: Path, stack: str) -> None:
    (folder / "kept").mkdir()
    done = make(f"STACK={stack}", "backup", "FILE=kept")
    assert done.returncode != 0
    assert done.stdout == "make backup writes a file, and kept is a folder.\n"


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize(
    ("given", "said"), [((), "none was named"), (("FILE=gone",), "none at gone")]
)
def test_a_restore_from_nothing_asks_nothing(
    make: Make, stack: str, given: tuple[str, ...], said: str
) -> None:
    done = make(f"STACK={stack}", "restore", *given)
    assert done.returncode != 0
    assert said in done.stdout
    assert "Go on?" not in done.stdout


@pytest.mark.parametrize("target", ["logs", "logs-postgres"])
def test_logs_of_what_never_ran_are_not_waited_for(make: Make, target: str) -> None:
    done = make(target)
    assert done.returncode != 0
    assert "make start starts it" in done.stdout


def test_quickstart_makes_passwords_once_and_starts(
    asked: Callable[..., list[list[str]]], folder: Path
) -> None:
    sign_in = ["exec", "-T", "api-server", "cat", "/opt/airflow/sign-in/passwords.json"]
    started = [[*COMPOSE, "up", "--detach", "--build"], [*COMPOSE, *sign_in]]
    assert asked("quickstart") == started
    made = (folder / ".env").read_text()
    assert asked("quickstart") == started * 2
    assert (folder / ".env").read_text() == made


@pytest.mark.parametrize(
    ("target", "commands"),
    [
        ("clean", [(*COMPOSE, "down", "--remove-orphans", "--rmi", "local")]),
        ("reset", [(*COMPOSE, "down", "--remove-orphans", "--volumes")]),
        (
            "restore",
            [
                (
                    *(*COMPOSE, "exec", "-T", "--env", "PGUSER=chorus_owner"),
                    *("--env", "PGDATABASE=chorus"),
                    *("--env", "BRONZE_DATABASE_SCHEMA_NAME="),
                    *("--env", "SILVER_DATABASE_SCHEMA_NAME="),
                    *("--env", "GOLD_DATABASE_SCHEMA_NAME="),
                    *("postgres", "sh", "-c", RESTORE),
                ),
                (*WORKER, "reapply-erasures"),
            ],
        ),
    ],
)
def test_what_cannot_be_undone_on_compose_asks_first(
    asked: Callable[..., list[list[str]]],
    make: Make,
    folder: Path,
    tmp_path: Path,
    target: str,
    commands: list[tuple[str, ...]],
) -> None:
    (folder / "a dump").touch()
    refused = make("STACK=compose", target, "FILE=a dump", typed="n\n")
    assert refused.returncode != 0
    assert "Go on? [y/N]" in refused.stdout
    assert not (tmp_path / "recorded").exists()
    once = [list(command) for command in commands]
    assert asked(target, "FILE=a dump", typed="y\n") == once
    assert asked(target, "FILE=a dump", "FORCE=1") == once * 2


@pytest.mark.parametrize(("target", "place"), [("clean", ".venv"), ("reset", ".run")])
def test_what_cannot_be_undone_here_asks_first(
    make: Make, folder: Path, target: str, place: str
) -> None:
    (folder / place).mkdir(exist_ok=True)
    refused = make(target, typed="\n")
    assert refused.returncode != 0
    assert "Nothing was done." in refused.stdout
    assert (folder / place).exists()
    assert make(target, "FORCE=1").returncode == 0
    assert not (folder / place).exists()


def test_a_venv_that_is_whole_is_left_alone(make: Make) -> None:
    assert "anew" not in make("-n", "install").stdout


@pytest.mark.parametrize("target", ["stop", "status", "restart"])
def test_what_runs_keeps_its_venv_until_it_is_ended(
    make: Make, folder: Path, tmp_path: Path, target: str
) -> None:
    """Also where the lock is newer, as after `git pull`."""
    chorus = folder / ".venv" / "bin" / "chorus"
    chorus.write_text('#!/bin/sh\necho "chorus $@"\n')
    chorus.chmod(0o755)
    (folder / "requirements.txt").write_text("newer")
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    said = make(target, f"PYTHON={python}").stdout.splitlines()
    assert said[0] == f"chorus {'stop' if target == 'restart' else target}"


def test_nothing_is_installed_to_say_that_nothing_runs(make: Make, folder: Path) -> None:
    shutil.rmtree(folder / ".venv")
    # With a .venv `chorus` ends alike: what does not run can be stopped, and has no status.
    for target, code in (("stop", 0), ("status", 2)):
        done = make(target)
        assert (done.returncode, "Nothing runs here" in done.stdout) == (code, True)
    assert not (folder / ".venv").exists()


def test_a_venv_whose_python_is_gone_is_made_anew(make: Make, folder: Path) -> None:
    python = folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(folder / "gone")
    assert "made anew" in make("-n", "install").stdout


def test_a_venv_of_another_minor_version_is_made_anew(make: Make, folder: Path) -> None:
    (version,) = (folder / ".venv" / "lib").iterdir()
    version.rename(version.with_name("python3.10"))
    assert "made anew" in make("-n", "install").stdout
    assert make("clean", "FORCE=1").returncode == 0, "also where it cannot stop anything"


def test_the_oldest_python_of_the_lock_is_not_forced_on_who_installs_it() -> None:
    """uv reads these for an installation, too: with a version there, 3.13 gets the wheels of 3.11."""
    settings = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["tool"]["uv"]["pip"]
    assert "python-version" not in settings
