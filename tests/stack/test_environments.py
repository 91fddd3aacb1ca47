"""What Airflow's processes and the demo's world are told."""

import json
import stat
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from chorus.config import Settings, read_settings
from chorus.domain.errors import ConfigurationError, ModelMissing
from chorus.domain.targets import read_targets
from chorus.pipelines.sources import entry_of
from chorus.stack.airflow_env import admin_password, airflow_environment
from chorus.stack.demo_network import demo_variables
from chorus.stack.run_folder import RunFolder
from chorus.stack.stack_settings import persons_settings

ADDRESSES = {
    "instances": {
        "mastodon.demo": "http://127.0.0.1:7801",
        "ulid.demo": "http://127.0.0.1:7802",
    },
    "reddit_url": "http://127.0.0.1:7803/reddit",
    "subreddits": ("science",),
    "discord_webhook_url": "http://127.0.0.1:7803/api/webhooks/1/token",
    "smtp_host": "127.0.0.1",
    "smtp_port": 7825,
    "hashtags": ("python", "caturday", "dataengineering", "opensource", "linux"),
}


def settings_of(**values):
    return Settings(_env_file=None, **values)


@pytest.fixture
def run(tmp_path):
    return RunFolder(tmp_path / ".run")


@pytest.fixture
def told(run):
    settings = settings_of(
        database_password="a b&c",
        database_sslmode="require",
        discord_webhook_url=ADDRESSES["discord_webhook_url"],
        smtp_host="127.0.0.1",
        smtp_port=7825,
        smtp_starttls=False,
    )
    return airflow_environment({"PATH": "/bin"}, run, 8081, 54_320, settings)


def test_airflow_listens_on_loopback_alone_and_tells_its_tasks_where(told):
    assert told["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert told["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8081"
    assert told["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8081/execution/"


WHERE = """
from airflow.configuration import conf
print(conf.get("core", "dags_folder"))
print(conf.get("logging", "dag_processor_child_process_log_directory"))
"""


def test_airflow_finds_its_folders_whatever_a_clone_is_called(tmp_path):
    root = tmp_path / "50%(x)s of 'é #1"
    told = airflow_environment({}, RunFolder(root / ".run"), 8081, 54_320, settings_of())
    told["AIRFLOW__CORE__DAGS_FOLDER"] = str(root / "dags")
    found = subprocess.run(
        [sys.executable, "-c", WHERE], env=told, capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines()[-2:] == [
        str(root / "dags"),
        str(root / ".run" / "airflow" / "logs" / "dag_processor"),
    ]


def test_the_fernet_key_is_one_and_stays_the_same(told, run):
    Fernet(told["AIRFLOW__CORE__FERNET_KEY"])
    again = airflow_environment({}, run, 8081, 54_320, settings_of())
    for name in ("CORE__FERNET_KEY", "API__SECRET_KEY", "API_AUTH__JWT_SECRET"):
        assert told[f"AIRFLOW__{name}"] == again[f"AIRFLOW__{name}"]


def test_the_only_user_is_admin_with_the_password_that_we_show(told, run):
    users = run.secrets / "airflow_users.json"
    assert told["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"] == str(users)
    assert json.loads(users.read_text()) == {"admin": admin_password(run)}
    assert stat.S_IMODE(users.stat().st_mode) == 0o600


def test_hooks_find_the_places_that_the_settings_name(told):
    warehouse = json.loads(told["AIRFLOW_CONN_CHORUS_WAREHOUSE"])
    assert (warehouse["login"], warehouse["password"]) == ("chorus_loader", "a b&c")
    assert warehouse["extra"] == {"sslmode": "require"}
    discord = json.loads(told["AIRFLOW_CONN_CHORUS_DISCORD"])
    assert (
        discord["host"] + discord["extra"]["webhook_endpoint"]
        == (ADDRESSES["discord_webhook_url"])
    )
    mail = json.loads(told["AIRFLOW_CONN_SMTP_DEFAULT"])
    assert (mail["host"], mail["port"], mail["extra"]["disable_tls"]) == (
        "127.0.0.1",
        7825,
        True,
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://discord.com/api/webhooks/1/token?thread_id=2",
        "https://discord.com/api/webhooks/1",
        "https://discord.com/channels/1/2",
    ],
)
def test_what_is_no_webhook_is_refused_before_anything_starts(monkeypatch, url):
    monkeypatch.setenv("DISCORD_WEBHOOK_URL", url)
    with pytest.raises(ConfigurationError, match=r"DISCORD_WEBHOOK_URL .*nothing after"):
        read_settings()


def test_a_person_may_tune_what_does_not_hold_the_stack_together(run):
    inherited = {
        "AIRFLOW__CORE__PARALLELISM": "16",
        "AIRFLOW__API__HOST": "0.0.0.0",
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        "AIRFLOW__API__SSL_CERT": "/etc/ssl/mine.pem",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": "/var/log/airflow",
    }
    told = airflow_environment(inherited, run, 8081, 54_320, settings_of())
    assert told["AIRFLOW__CORE__PARALLELISM"] == "16"
    assert told["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert told["AIRFLOW__CORE__AUTH_MANAGER"].endswith(".SimpleAuthManager")
    assert told["AIRFLOW__API__SSL_CERT"] == ""
    assert told["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] == str(run.airflow / "logs")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_USER", "postgres"),
        ("DATABASE_OWNER_USER", "airflow"),
        ("DATABASE_NAME", "airflow"),
        ("DATABASE_NAME", "template1"),
    ],
)
def test_the_embedded_server_keeps_its_own_names(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=f"{name} is {value}, which the embedded"):
        persons_settings()
    monkeypatch.setenv("DATABASE_HOST", "db.example")
    assert persons_settings()


def test_an_option_of_the_address_that_nobody_knows_stops_the_start(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@db.example/social?colour=red")
    with pytest.raises(ConfigurationError, match=r"DATABASE_URL is wrong: .*colour"):
        persons_settings()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("METRICS_HOST", "192.0.2.1", "METRICS_HOST is 192.0.2.1, which this machine does not"),
        ("METRICS_HOST", "2001:db8::1", "METRICS_HOST is 2001:db8::1, which this machine"),
        ("METRICS_TOKEN_FILE", b"", "METRICS_TOKEN_FILE is wrong: .* is empty"),
        ("METRICS_TOKEN_FILE", b"\xff", "METRICS_TOKEN_FILE is wrong: .* plain ASCII"),
    ],
)
def test_what_the_exporter_cannot_do_stops_the_start_and_not_the_exporter(
    monkeypatch, tmp_path, name, value, said
):
    if isinstance(value, bytes):
        (tmp_path / "token").write_bytes(value)
        value = str(tmp_path / "token")
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=said):
        persons_settings()
    monkeypatch.setenv("METRICS_PORT", "0")
    assert persons_settings()


def test_real_servers_are_not_read_before_the_model_is_there(monkeypatch):
    monkeypatch.setenv("MASTODON_BASE_URL", "https://hub.example")
    monkeypatch.setenv("HASHTAG", "python")
    with pytest.raises(ModelMissing, match="chorus model fetch"):
        persons_settings()
    monkeypatch.setenv("SENTIMENT_BACKEND", "vader")
    assert persons_settings()


def test_the_executor_is_the_settings_alone(run):
    on_celery = settings_of(executor="CeleryExecutor")
    inherited = {"AIRFLOW__CORE__EXECUTOR": "KubernetesExecutor"}
    for settings, executor in ((settings_of(), "LocalExecutor"), (on_celery, "CeleryExecutor")):
        told = airflow_environment(inherited, run, 8081, 54_320, settings)
        assert told["AIRFLOW__CORE__EXECUTOR"] == executor


def test_the_demo_network_is_what_an_untold_stack_listens_to(tmp_path):
    variables = demo_variables(settings_of(), ADDRESSES, tmp_path / "targets.yaml")
    chosen = settings_of(**{name.lower(): value for name, value in variables.items()})
    assert chosen.uses_demo_network
    assert chosen.sentiment_backend == "vader"
    assert chosen.notify_via_discord
    targets = read_targets(tmp_path / "targets.yaml", entry_of).mastodon
    assert [target.instance for target in targets] == list(ADDRESSES["instances"])
    assert sum(len(target.hashtags) for target in targets) == 7


def test_what_a_person_chose_stays_theirs_beside_the_demo_network(tmp_path):
    person = settings_of(
        sentiment_backend="transformers", notify_via_discord=False, smtp_host="mail.example"
    )
    variables = demo_variables(person, ADDRESSES, tmp_path / "targets.yaml")
    assert set(variables) == {"DEMO_NETWORK", "TARGETS_FILE"}
