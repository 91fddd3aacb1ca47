"""The environment that makes Airflow ours: on loopback, on our PostgreSQL, with keys that nobody has to choose."""

import base64
import json
import os
import secrets
from collections.abc import Mapping

from psycopg.conninfo import conninfo_to_dict

from chorus import paths
from chorus.config import Settings
from chorus.domain.setting_types import webhook_parts
from chorus.stack.databases import AIRFLOW
from chorus.stack.generated_secrets import secret, write_private
from chorus.stack.ports import LOOPBACK
from chorus.stack.run_folder import RunFolder

ADMIN = "admin"
SIMPLE_AUTH = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
# What a person may have set otherwise in their environment; the rest follows from how the stack is built.
CHOSEN_UNLESS_SET = {
    # Tasks wait for networks and databases more than they reckon.
    "AIRFLOW__CORE__PARALLELISM": str(min(16, max(8, 2 * (os.cpu_count() or 1)))),
    "AIRFLOW__CELERY__WORKER_CONCURRENCY": "4",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.25",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "15",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "15",
    # A DAG that a setting has changed is what it is now from the first look at it.
    "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "0",
    # A task whose scheduler or machine died is taken up within a minute, not within five.
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "20",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    # Two cores and a whole stack starting on them: five seconds are too few.
    "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
    # A task outlasts an api-server that is still starting, or is started again.
    "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "30",
    "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "4",
    # A worker that misses its task's end (3.3.2 may) notices at its next heartbeat, and is held until then.
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
}


def address(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def admin_password(run: RunFolder) -> str:
    return secret(run.secrets, "airflow_admin", lambda: secrets.token_urlsafe(9))


def metadata_password(run: RunFolder) -> str:
    return secret(run.secrets, "airflow_database")


def airflow_environment(
    base: Mapping[str, str], run: RunFolder, port: int, postgres_port: int, settings: Settings
) -> dict[str, str]:
    """For api-server, scheduler, dag-processor and triggerer."""
    passwords = run.secrets / "airflow_users.json"
    write_private(passwords, json.dumps({ADMIN: admin_password(run)}))
    # Said, since PGSSLMODE of the person's environment is meant for servers of theirs.
    at = f"{LOOPBACK}:{postgres_port}/{AIRFLOW}?sslmode=disable"
    fixed = {
        "AIRFLOW_HOME": str(run.airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(paths.ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(paths.ROOT / "plugins"),
        "AIRFLOW__CORE__EXECUTOR": settings.executor,
        "AIRFLOW__CORE__AUTH_MANAGER": SIMPLE_AUTH,
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__FERNET_KEY": secret(run.secrets, "airflow_fernet", _fernet_key),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address(port)}/execution/",
        "AIRFLOW__API__BASE_URL": address(port),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__SSL_CERT": "",
        "AIRFLOW__API__SSL_KEY": "",
        "AIRFLOW__API__SECRET_KEY": secret(run.secrets, "airflow_api"),
        "AIRFLOW__API_AUTH__JWT_SECRET": secret(run.secrets, "airflow_jwt", _jwt_key),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(run.airflow / "logs"),
        # Left to its default it would not be found where a clone's path holds a percent sign.
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(
            run.airflow / "logs" / "dag_processor"
        ),
        # The stack migrates before it starts what needs the tables; each part would look again, for a second each.
        "AIRFLOW__DATABASE__CHECK_MIGRATIONS": "False",
        "AIRFLOW__LOGGING__JSON_LOGS": str(settings.json_logs),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{AIRFLOW}:{metadata_password(run)}@{at}",
        **_connections(settings),
    }
    return {**CHOSEN_UNLESS_SET, **base, **fixed}


def _connections(settings: Settings) -> dict[str, str]:
    """What hooks look up by name; the same places as the settings name."""
    connections: dict[str, dict[str, object]] = {"CHORUS_WAREHOUSE": _warehouse(settings)}
    if settings.discord_webhook_url is not None:
        api, endpoint = webhook_parts(settings.discord_webhook_url.get_secret_value())
        connections["CHORUS_DISCORD"] = {
            "conn_type": "discord",
            "host": api,
            "extra": {"webhook_endpoint": endpoint},
        }
    if settings.smtp_host is not None:
        connections["SMTP_DEFAULT"] = _mail(settings)
    return {f"AIRFLOW_CONN_{name}": json.dumps(value) for name, value in connections.items()}


def _warehouse(settings: Settings) -> dict[str, object]:
    parts = conninfo_to_dict(settings.dsn("loader"))
    return {
        "conn_type": "postgres",
        "host": parts.pop("host", None),
        "port": int(parts.pop("port", None) or 5432),
        "schema": parts.pop("dbname", None),
        "login": parts.pop("user", None),
        "password": parts.pop("password", None),
        # The rest of what DATABASE_URL says, as in sslrootcert.
        "extra": {**parts, "sslmode": settings.database_sslmode},
    }


def _mail(settings: Settings) -> dict[str, object]:
    password = settings.smtp_password
    return {
        "conn_type": "smtp",
        "host": settings.smtp_host,
        "port": settings.smtp_port,
        "login": settings.smtp_user,
        "password": password.get_secret_value() if password else None,
        "extra": {
            "from_email": settings.smtp_from,
            "disable_ssl": True,
            "disable_tls": not settings.smtp_starttls,
        },
    }


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _jwt_key() -> str:
    return secrets.token_urlsafe(64)
