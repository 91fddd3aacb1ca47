"""What the stack keeps in files: secrets, settings, logs."""

import stat

import pytest

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.stack.environment import base_environment
from chorus.stack.generated_secrets import secret
from chorus.stack.rotating_log import RotatingLog, last_lines
from chorus.stack.stack_settings import (
    embedded_variables,
    names_a_warehouse,
    persons_settings,
    remember,
)


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    made = secret(tmp_path / "secrets", "door")
    assert secret(tmp_path / "secrets", "door") == made
    assert len(made) >= 32
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "secrets" / "door").stat().st_mode) == 0o600


def test_the_line_break_that_an_editor_leaves_is_no_part_of_a_secret(tmp_path):
    (tmp_path / "door").write_text("open sesame\n")
    assert secret(tmp_path, "door") == "open sesame"


def test_a_secret_that_a_power_cut_left_empty_is_made_again(tmp_path):
    (tmp_path / "door").touch()
    assert secret(tmp_path, "door", lambda: "made again") == "made again"


def test_passwords_are_made_up_only_where_the_person_has_none(tmp_path):
    person = Settings(_env_file=None, database_password="chosen")
    variables = embedded_variables(person, 54_320, tmp_path)
    assert "DATABASE_PASSWORD" not in variables
    assert variables["DATABASE_OWNER_PASSWORD"]
    assert variables["DATABASE_PORT"] == "54320"


@pytest.mark.parametrize(
    "own",
    [
        {"database_host": "db.example"},
        {"database_port": 5433},
        {"database_url": "postgresql://db.example/chorus"},
    ],
)
def test_a_warehouse_of_the_persons_own_is_seen(own):
    assert names_a_warehouse(Settings(_env_file=None, **own))
    assert not names_a_warehouse(Settings(_env_file=None))


def test_what_a_start_decided_is_read_by_the_cli_beside_it_and_by_nobody_else(tmp_path):
    file = tmp_path / "run" / "chorus.env"
    remember({"DATABASE_PORT": "54321", "DATABASE_PASSWORD": "a $b #c"}, file)
    settings = Settings(_env_file=file)
    assert settings.database_port == 54_321
    assert settings.database_password.get_secret_value() == "a $b #c"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_a_start_decided_may_hold_any_character(tmp_path):
    hostile = r"""/home/o'brien/a\b \'${HOME}$HOME "x" é"""
    remember({"DATABASE_NAME": hostile, "DATABASE_PORT": "54321"}, tmp_path / "chorus.env")
    settings = Settings(_env_file=tmp_path / "chorus.env")
    assert (settings.database_name, settings.database_port) == (hostile, 54_321)


def test_tls_is_not_asked_of_the_embedded_server(monkeypatch):
    monkeypatch.setenv("DATABASE_SSLMODE", "require")
    with pytest.raises(ConfigurationError, match="DATABASE_SSLMODE=require asks for TLS"):
        persons_settings()
    monkeypatch.setenv("DATABASE_HOST", "db.example")
    assert persons_settings().database_sslmode == "require"


def test_children_write_bytecode_and_reach_each_other_past_any_proxy(tmp_path):
    inherited = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "AIRFLOW_HOME": "/elsewhere",
        "NO_PROXY": "intranet",
        "PATH": "/usr/bin",
    }
    environment = base_environment(tmp_path, inherited)
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert "AIRFLOW_HOME" not in environment
    assert environment["NO_PROXY"] == environment["no_proxy"] == "intranet,127.0.0.1,localhost"
    assert environment["PATH"].endswith(":/usr/bin")


def test_a_log_never_grows_without_end_and_its_end_is_read_back(tmp_path):
    path = tmp_path / "logs" / "talker.log"
    log = RotatingLog(path, max_bytes=100, kept=2)
    for number in range(50):
        log.write(f"line {number:04}\n".encode())
    log.close()
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "talker.log",
        "talker.log.1",
        "talker.log.2",
    ]
    assert all(file.stat().st_size <= 100 for file in path.parent.iterdir())
    assert last_lines(path, 2) == ["line 0048", "line 0049"]
    assert last_lines(tmp_path / "none", 2) == []


def test_a_log_goes_on_after_a_rotation_that_failed(tmp_path):
    path = tmp_path / "talker.log"
    in_the_way = tmp_path / "talker.log.1"
    in_the_way.mkdir()
    log = RotatingLog(path, max_bytes=10, kept=1)
    log.write(b"12345678\n")
    for _ in range(2):
        with pytest.raises(IsADirectoryError):
            log.write(b"lost\n")
    in_the_way.rmdir()
    log.write(b"kept\n")
    log.close()
    assert (in_the_way.read_text(), path.read_text()) == ("12345678\n", "kept\n")
