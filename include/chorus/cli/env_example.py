""".env.example: every variable with its default and a line that explains it, a paragraph each.

The defaults are commented out: what stands in .env counts as chosen, and a copy of this file chooses nothing.
"""

from chorus.config import Settings

HEAD = "Copy to .env, and take the # from what you want to be otherwise. What stands here are the defaults."
COMPOSE = "The rest is for docker compose alone; `make quickstart STACK=compose` makes the secrets among it."
# What docker-compose.yaml asks for beside the settings: its default, and what it is.
FOR_COMPOSE_ALONE = {
    "COMPOSE_PROFILES": ("", "gpu for a worker with one."),
    "POSTGRES_PASSWORD": ("", "PostgreSQL's administrator, for `databases` and `init` alone."),
    "AIRFLOW_DATABASE_PASSWORD": ("", "The role airflow, which owns Airflow's own database."),
    "METABASE_DATABASE_PASSWORD": ("", "The role metabase, which owns Metabase's."),
    "METABASE_ENCRYPTION_KEY": (
        "",
        "What Metabase encrypts the passwords with that it is given.",
    ),
    "METABASE_PORT": ("3000", "Where Metabase is wanted."),
    "REDIS_PASSWORD": ("", "The queue of tasks."),
    "AIRFLOW_FERNET_KEY": ("", "What Airflow encrypts its connections with."),
    "AIRFLOW_API_SECRET": ("", "What signs the sessions of the UI."),
    "AIRFLOW_JWT_SECRET": ("", "What signs what tasks show to the API."),
    "METRICS_TOKEN": ("", "What Prometheus shows to the exporter."),
    "TORCH_INDEX": (
        "",
        "Where the image's torch comes from, when not from where pip finds it; https://download.pytorch.org/whl/cpu makes it gigabytes smaller.",
    ),
}


def example_text() -> str:
    settings = [
        _paragraph(name.upper(), field.description or "", _shown(field.default))
        for name, field in Settings.model_fields.items()
    ]
    compose = [
        _paragraph(name, description, default)
        for name, (default, description) in FOR_COMPOSE_ALONE.items()
    ]
    return "\n".join([f"# {HEAD}\n", *settings, f"# {COMPOSE}\n", *compose])


def _paragraph(name: str, description: str, default: str) -> str:
    return f"# {description}\n#{name}={default}\n"


def _shown(default: object) -> str:
    if default is None:
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
