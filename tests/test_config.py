"""Settings: read once, said plainly when they are wrong, silent about secrets."""

import re
from urllib.parse import quote

import pytest
from psycopg.conninfo import conninfo_to_dict

from chorus import paths
from chorus.cli.env_example import example_text
from chorus.config import Settings, read_settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.postgres_names import TAKEN
from chorus.domain.targets import read_targets
from chorus.pipelines.sources import entry_of

WRONG = {
    "MASTODON_BASE_URL": "mastodon.social",
    "HASHTAG": "two words",
    "DEMO_NETWORK": "maybe",
    "TIME_PERIOD_UNIT": "fortnights",
    "TIME_PERIOD_VALUE": "0",
    "TOOTS_LIMIT_PER_PAGE": "many",
    "API_TIMEOUT": "-1",
    "ENGAGEMENT_WEIGHTS": "1,2",
    "INCLUDE_VISIBILITIES": "everybody",
    "REDACT_DELETED": "perhaps",
    "SENTIMENT_BACKEND": "tea-leaves",
    "SENTIMENT_MODEL_NAME": "../../etc/passwd",
    "SENTIMENT_MODEL_THRESHOLD": "1.5",
    "SENTIMENT_DEVICE": "tpu",
    "SENTIMENT_BATCH_SIZE": "0",
    "SENTIMENT_QUEUE": "two queues",
    "SENTIMENT_POOL": "a pool",
    "SENTIMENT_PRECISION": "int4",
    "SENTIMENT_SHARDS": "0",
    "NOTIFY_VIA_DISCORD": "perhaps",
    "DISCORD_WEBHOOK_URL": "not a url",
    "SLA_EMAILS": "nobody",
    "ALARM_CHANNELS": "smoke signals",
    "ALARM_WEBHOOK_URL": "chat.example.org",
    "THRESHOLDS": "happiness=100",
    "METRICS_PORT": "-1",
    "METRICS_HOST": "everywhere",
    "METRICS_TOKEN_FILE": "/nowhere/token",
    "SMTP_HOST": "smtp://mail.example.org",
    "SMTP_PORT": "99999",
    "SMTP_FROM": "nobody",
    "SMTP_STARTTLS": "maybe",
    "JSON_LOGS": "maybe",
    "DATABASE_URL": "mysql://here",
    "DATABASE_NAME": "ü" * 40,
    "DATABASE_PORT": "0",
    "DATABASE_HOST": "db.example.org:5432",
    "DATABASE_ADMIN_URL": "http://here",
    "DATABASE_SSLMODE": "always",
    "BRONZE_DATABASE_SCHEMA_NAME": "Bronze; drop",
    "BRONZE_DATABASE_TABLE_NAME": "1st",
    "SILVER_DATABASE_SCHEMA_NAME": "bronze",
    "GOLD_DATABASE_SCHEMA_NAME": "ops",
    "DB_RETRY_ATTEMPTS": "0",
    "DB_RETRY_MIN_WAIT": "-1",
    "DB_RETRY_MAX_WAIT": "0.5",
    "LATE_ARRIVALS": "4",
    "RETENTION_DRY_RUN": "perhaps",
    "PSEUDONYM_SECRET": "short",
    "PSEUDONYMISE": "perhaps",
    "TIMESCALEDB": "perhaps",
    "RAW_FILES_FORMAT": "xml",
    "ARCHIVE_DIR": "cellar://shelf",
    "DATA_DIR": "README.md",
    "CHORUS_PORT": "http",
    "EXECUTOR": "SequentialExecutor",
    "TARGETS_FILE": "/nowhere/targets.yaml",
    "SOURCE_CREDENTIALS": "hunter2",
    "MASTODON_ACCESS_TOKEN": "token\r",
    "REDDIT_CLIENT_SECRET": "two words",
    "DATABASE_USER": "chorus_reader",
    "DATABASE_OWNER_USER": "pg_owner",
}
# Any text without a line break may be one of these.
CANNOT_BE_WRONG = {
    "REDDIT_CLIENT_ID",
    "SMTP_USER",
    "SMTP_PASSWORD",
    "DATABASE_PASSWORD",
    "DATABASE_OWNER_PASSWORD",
    "DATABASE_READER_PASSWORD",
    "DATABASE_MONITOR_PASSWORD",
}


def test_every_variable_has_a_wrong_value_here_or_takes_any_text():
    assert WRONG.keys() | CANNOT_BE_WRONG == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_wrong_value_is_one_sentence_that_names_the_variable(monkeypatch, name):
    monkeypatch.setenv(name, WRONG[name])
    with pytest.raises(ConfigurationError) as caught:
        read_settings()
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("name", sorted(WRONG.keys() | CANNOT_BE_WRONG))
def test_a_line_break_or_another_encoding_is_wrong_in_every_variable(monkeypatch, name):
    for value in ("hunter2\n", "hun\rter2", "hunter2\udcff"):
        monkeypatch.setenv(name, value)
        with pytest.raises(ConfigurationError, match=f"^{name} is wrong: it holds") as caught:
            read_settings()
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TARGETS_FILE", "x" * 5000),
        ("ARCHIVE_DIR", "x" * 5000),
        ("DATA_DIR", "~nobody-of-that-name/data"),
        ("INCLUDE_VISIBILITIES", ","),
        ("DATABASE_USER", "ü" * 40),
        ("SLA_EMAILS", "ops:everybody;@example.org"),
        ("SMTP_FROM", "chorus@[1"),
        ("THRESHOLDS", "silent_hours=inf"),
        ("THRESHOLDS", "silent_hours=1e300"),
        ("THRESHOLDS", "x" * 5000),
    ],
)
def test_what_is_too_long_too_big_too_little_or_odd_is_wrong_in_a_short_sentence(
    monkeypatch, name, value
):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=f"^{name} is wrong: ") as caught:
        read_settings()
    assert len(str(caught.value)) < 500


def test_a_file_is_found_from_wherever_a_process_stands(monkeypatch, tmp_path):
    """What the stack starts stands in `/`, and a person means the clone: as the README says it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TARGETS_FILE", "include/targets.yaml")
    assert read_targets(read_settings().targets_file, entry_of).all()


def test_a_folder_below_the_persons_home_is_there_without_a_shell(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = read_settings(archive_dir="~/old weeks", data_dir="files")
    assert settings.archive_address == f"{tmp_path}/old weeks"
    assert settings.data_dir == "files"
    with pytest.raises(ConfigurationError, match=f"there is no file {tmp_path}/targets.yaml"):
        read_settings(targets_file="~/targets.yaml")
    (tmp_path / "targets.yaml").touch()
    assert (
        read_settings(targets_file="~/targets.yaml").targets_file == tmp_path / "targets.yaml"
    )


@pytest.mark.parametrize("token", ["hunter2", "=hunter2", "a.example=", "a.example=x,hunter2"])
def test_a_token_of_nobody_is_wrong_and_not_repeated(monkeypatch, token):
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", token)
    with pytest.raises(ConfigurationError, match="MASTODON_ACCESS_TOKEN says") as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)


def test_a_wrong_secret_is_not_repeated(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://me:hunter2@here/db")
    with pytest.raises(ConfigurationError) as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("password", ["hunter2@x", "hunter2/x", "hunter2%", "hun%20ter2#"])
def test_an_odd_password_of_the_administrator_is_never_repeated(password):
    url = f"postgresql://a:{quote(password, safe='')}@127.0.0.1:1/postgres"
    found = read_settings(database_admin_url=url).database_admin_url
    assert conninfo_to_dict(found.get_secret_value())["password"] == password
    raw = read_settings(database_admin_url="postgresql://a:hunter2%@127.0.0.1:1/postgres")
    assert conninfo_to_dict(raw.database_admin_url.get_secret_value())["password"] == "hunter2%"


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hunter2@mastodon.social",
        "https://mastodon.social:port",
        "https://masto don",
        "https://mastodon.social/?x=1",
        "https://[::1",
    ],
)
def test_the_address_of_an_instance_is_a_whole_server(monkeypatch, url):
    monkeypatch.setenv("MASTODON_BASE_URL", url)
    monkeypatch.setenv("HASHTAG", "python")
    with pytest.raises(ConfigurationError, match="MASTODON_BASE_URL is wrong") as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["select", "pg_catalog", "pg_x", "public", "Bronze", "a\n"])
def test_a_schema_is_called_what_postgresql_lets_it_be(monkeypatch, name):
    monkeypatch.setenv("BRONZE_DATABASE_SCHEMA_NAME", name)
    with pytest.raises(ConfigurationError, match="BRONZE_DATABASE_SCHEMA_NAME is wrong"):
        read_settings()


def test_every_word_that_postgresql_keeps_to_itself_is_refused_as_a_name(owner):
    kept = owner.execute("select word from pg_get_keywords() where catcode in ('R', 'T')")
    assert {word for (word,) in kept.fetchall()} <= TAKEN


def test_cleaned_posts_have_a_table_of_their_own(monkeypatch, owner):
    others = owner.execute(
        "select tablename from pg_tables where schemaname = 'bronze' and tablename <> %s",
        [Settings.model_fields["bronze_database_table_name"].default],
    ).fetchall()
    for (table,) in others:
        monkeypatch.setenv("BRONZE_DATABASE_TABLE_NAME", table)
        with pytest.raises(ConfigurationError, match="BRONZE_DATABASE_TABLE_NAME is"):
            read_settings()


def test_names_are_not_hashed_without_a_key(monkeypatch):
    monkeypatch.setenv("PSEUDONYMISE", "true")
    with pytest.raises(ConfigurationError, match="PSEUDONYM_SECRET is missing"):
        read_settings()
    monkeypatch.setenv("PSEUDONYM_SECRET", "long, random and kept for good")
    assert read_settings().pseudonymise


def test_secrets_do_not_show_in_the_settings():
    settings = read_settings(database_url="postgresql://me:hunter2@here/db")
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in settings.model_dump_json()


def test_the_example_file_holds_every_variable():
    assert (paths.ROOT / ".env.example").read_text() == example_text()


def test_a_copy_of_the_example_file_chooses_nothing():
    assert Settings(_env_file=paths.ROOT / ".env.example").model_fields_set == set()


def test_the_defaults_in_the_example_file_are_the_defaults(tmp_path):
    uncommented = re.sub(r"(?m)^#(?=[A-Z_]+=)", "", example_text())
    file = tmp_path / "env"
    file.write_text(uncommented)
    assert Settings(_env_file=file) == read_settings()


@pytest.mark.parametrize(
    "line",
    ["API_TIMEOUT='5", "TIME_PERIOD_VALUE: 3", "API_TIMEOUT", "# \u00e4\nHASHTAG python"],
)
def test_a_line_that_nobody_can_read_is_named_and_not_passed_over(tmp_path, line):
    file = tmp_path / ".env"
    file.write_text(f"DATABASE_NAME=mine\n{line}\n", encoding="utf-8")
    number = 2 + line.count("\n")
    with pytest.raises(ConfigurationError, match=rf"\.env is wrong at line {number}: "):
        read_settings(_env_file=file)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_named(tmp_path, encoding):
    file = tmp_path / ".env"
    file.write_text("DATABASE_PASSWORD=p\u00e4ss\n", encoding=encoding)
    with pytest.raises(ConfigurationError, match=r"\.env is not UTF-8"):
        read_settings(_env_file=file)


@pytest.mark.parametrize(
    ("user", "owner"),
    [("chorus_owner", "me"), ("me", "me"), ("me", "chorus_loader"), ("chorus_monitor", "me")],
)
def test_no_role_may_do_what_another_is_for(monkeypatch, user, owner):
    monkeypatch.setenv("DATABASE_USER", user)
    monkeypatch.setenv("DATABASE_OWNER_USER", owner)
    with pytest.raises(ConfigurationError, match="must differ from each other"):
        read_settings()


def test_the_url_overrides_the_parts_for_every_role():
    settings = read_settings(
        database_url="postgres://me:p%40ss@db.example:6000/social?sslmode=require",
        database_host="elsewhere",
        database_owner_password="o/wner",
    )
    assert settings.dsn() == "postgresql://me:p%40ss@db.example:6000/social"
    assert settings.dsn("owner") == "postgresql://chorus_owner:o%2Fwner@db.example:6000/social"
    assert settings.database_sslmode == "require"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("postgresql://a:hunter2@h/d?sslmode=always", "its sslmode: "),
        ("postgresql://a:hunter2@hü/d", "its host: it must be"),
        ("postgresql://pg_a:hunter2@h/d", "its user: names such as pg_"),
        ("postgresql://a:hunter2@h/d?port=0", "its port: "),
        ("postgresql://a:hunter2@h/" + "d" * 64, "its dbname: a name in PostgreSQL"),
        ("postgresql:///d?user=a", "it must look like"),
    ],
)
def test_a_part_of_the_url_that_is_wrong_is_said_to_be_the_urls(monkeypatch, url, problem):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(
        ConfigurationError, match=f"^DATABASE_URL is wrong: {problem}"
    ) as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)


def test_what_stands_among_the_options_of_the_url_holds_for_every_role_like_the_rest():
    settings = read_settings(
        database_url="postgresql:///d?host=/run/pg&user=me&password=mine&application_name=x",
        database_owner_password="owner",
    )
    loader, owner = (conninfo_to_dict(settings.dsn(role)) for role in ("loader", "owner"))
    place = {"host": "/run/pg", "port": "5432", "dbname": "d", "application_name": "x"}
    assert loader == place | {"user": "me", "password": "mine"}
    assert owner == place | {"user": "chorus_owner", "password": "owner"}


def test_the_url_may_say_more_and_its_host_may_be_an_address_or_a_folder():
    more = "postgresql://a:b@[::1]:6000/d?sslmode=verify-full&sslrootcert=%2Fca.pem"
    assert read_settings(database_url=more).dsn() == (
        "postgresql://a:b@[::1]:6000/d?sslrootcert=%2Fca.pem"
    )
    assert "@%2Frun%2Fpg:" in read_settings(database_host="/run/pg").dsn()


@pytest.mark.parametrize(
    ("variables", "demo"),
    [
        ({}, True),
        ({"MASTODON_BASE_URL": "https://m.example", "HASHTAG": "python"}, False),
        ({"TARGETS_FILE": "include/targets.yaml"}, False),
        ({"TARGETS_FILE": "include/targets.yaml", "DEMO_NETWORK": "on"}, True),
        ({"DEMO_NETWORK": "off"}, False),
    ],
)
def test_the_demo_network_is_used_until_a_real_one_is_named(monkeypatch, variables, demo):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert read_settings().uses_demo_network is demo


def test_settings_can_be_had_for_another_address():
    settings = read_settings(hashtag="x", mastodon_base_url="https://m.example")
    elsewhere = settings.at("postgres://a:b@h.example:1/d?sslmode=disable")
    assert elsewhere.dsn() == "postgresql://a:b@h.example:1/d"
    assert elsewhere.hashtag == "x"


def test_single_thresholds_can_be_set_otherwise(monkeypatch):
    monkeypatch.setenv("THRESHOLDS", "completeness=90, silent_hours=12")
    thresholds = read_settings().thresholds
    assert (thresholds.completeness, thresholds.silent_hours) == (90, 12)
    assert thresholds.uptime == 99.5
    assert read_settings(thresholds=str(thresholds)).thresholds == thresholds
