"""Every setting, read once, at the edge: the environment, then `.env`, then what `make run` left in `.run/`.

`.env.example` is generated from this file (`chorus config example`), so a description here is what people read there.
"""

from datetime import timedelta
from functools import cache
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chorus import paths
from chorus.domain.errors import ConfigurationError
from chorus.domain.setting_types import (
    Address,
    Channels,
    Email,
    Emails,
    File,
    Folder,
    Hashtag,
    Host,
    Identifier,
    ModelName,
    Name,
    PostgresqlUrl,
    SiteUrl,
    Sslmode,
    Visibilities,
    Webhook,
    WebUrl,
    Weights,
    postgresql_parts,
)
from chorus.domain.thresholds import GivenThresholds, Thresholds

# What pydantic says for programmers.
PLAINLY = {"missing": "it has too few parts", "too_short": "it is too short"}
RUN_ENV = paths.ROOT / ".run" / "chorus.env"
DOT_ENV = paths.ROOT / ".env"


class Settings(BaseSettings):
    """What a person may change. Frozen: nothing changes its mind while it runs."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        env_file=(RUN_ENV, DOT_ENV),
        env_file_encoding="utf-8",
        hide_input_in_errors=True,
    )

    # -- What to listen to
    mastodon_base_url: SiteUrl | None = Field(
        None,
        description="The one instance to read, as in https://mastodon.social; with HASHTAG it replaces TARGETS_FILE.",
    )
    mastodon_access_token: SecretStr | None = Field(
        None, description="A token for MASTODON_BASE_URL, where its timelines ask for one."
    )
    hashtag: Hashtag | None = Field(
        None,
        description="The one hashtag to read on MASTODON_BASE_URL, without the #.",
    )
    reddit_client_id: str | None = Field(
        None,
        description="The app that reads Reddit, from https://www.reddit.com/prefs/apps (type script).",
    )
    reddit_client_secret: SecretStr | None = Field(
        None, description="And its secret; without the two, subreddits are left alone."
    )
    targets_file: File | None = Field(
        None,
        description="What to listen to, as YAML; include/targets.yaml when the demo network is off.",
    )
    demo_network: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Pretend social networks on this machine: auto means until MASTODON_BASE_URL or TARGETS_FILE is set.",
    )
    time_period_unit: Literal["minutes", "hours", "days"] = Field(
        "hours", description="Unit of the window that a manual run without params reads."
    )
    time_period_value: int = Field(
        1, ge=1, le=10_000, description="How many of TIME_PERIOD_UNIT such a run looks back."
    )
    toots_limit_per_page: int = Field(
        40,
        ge=1,
        le=80,
        description="Posts asked for per request; most servers give 40 at most.",
    )
    late_arrivals: int = Field(
        5,
        ge=5,
        le=7 * 24 * 60,
        description="Minutes after a window that are always read with it for posts that arrived late, however many requests that takes.",
    )
    api_timeout: float = Field(
        30, gt=0, le=600, description="Seconds to wait for an answer of a social network."
    )
    include_visibilities: Visibilities = Field(
        ("public", "unlisted"),
        description="Which posts reach the model, the gold views and alerts, separated by commas.",
    )
    engagement_weights: Weights = Field(
        (1, 2, 3),
        description="Weights of replies, favourites and reblogs in the engagement score; a change means a rebuild.",
    )
    redact_deleted: bool = Field(
        False, description="Whether the text of a post is emptied once its deletion is seen."
    )

    # -- Mood
    sentiment_backend: Literal["transformers", "vader"] = Field(
        "transformers",
        description="What reads the mood; the demo network uses vader unless this is set.",
    )
    sentiment_model_name: ModelName = Field(
        "cardiffnlp/twitter-roberta-base-sentiment-latest",
        description="The model of the transformers backend; its card lies in include/models.",
    )
    sentiment_model_threshold: float = Field(
        0.5,
        ge=0,
        le=1,
        description="A label with less confidence than this is neutral; the raw scores are kept.",
    )
    sentiment_device: Literal["auto", "cuda", "mps", "cpu"] = Field(
        "auto", description="Where the model runs; anything but auto must be there."
    )
    sentiment_precision: Literal["auto", "int8"] = Field(
        "auto",
        description="auto is bf16 where SENTIMENT_DEVICE is cuda and fp32 elsewhere; int8 needs a CPU and `chorus model optimize` first.",
    )
    sentiment_batch_size: int = Field(
        256,
        ge=1,
        le=10_000,
        description="Posts claimed and written in one go: what a killed task loses at most.",
    )
    sentiment_queue: Name | None = Field(
        None,
        description="The queue of the task that reads the mood, where workers with a GPU have one of their own: gpu.",
    )
    sentiment_shards: int = Field(
        1,
        ge=1,
        le=64,
        description="Score tasks of one run, which share the queue: one for each worker that has a model.",
    )
    sentiment_pool: Name = Field(
        "model",
        description="The pool of the score tasks; made with a slot for each shard where it is missing.",
    )

    # -- Alerts
    notify_via_discord: bool = Field(
        False, description="Whether a wave ends in Discord alerts."
    )
    discord_webhook_url: Webhook | None = Field(
        None, description="The webhook of the channel that gets them."
    )
    sla_emails: Emails = Field(
        (), description="Who gets a mail when a deadline is missed, separated by commas."
    )
    smtp_host: Host | None = Field(None, description="The mail server.")
    smtp_port: int = Field(587, ge=1, le=65_535, description="Its port.")
    smtp_user: str | None = Field(
        None, description="The name to sign in with there, where it asks for one."
    )
    smtp_password: SecretStr | None = Field(None, description="And the password.")
    smtp_from: Email = Field("chorus@localhost", description="The sender of our mails.")
    smtp_starttls: bool = Field(True, description="Whether to insist on STARTTLS.")

    alarm_channels: Channels = Field(
        ("mail", "webhook"),
        description="Where trouble is told, separated by commas: mail, webhook, discord; one that is not set up is left out.",
    )
    alarm_webhook_url: WebUrl | None = Field(
        None,
        description="What gets every alarm as JSON, by POST; the address counts as a secret.",
    )
    thresholds: GivenThresholds = Field(
        Thresholds(),
        description="Other thresholds than the usual ones, as in completeness=90,silent_hours=12; docs/operations.md lists them.",
    )

    # -- Warehouse
    database_url: SecretStr | None = Field(
        None,
        description="A whole address, as in postgresql://user:password@host:5432/chorus; overrides the parts below.",
    )
    database_name: str = Field("chorus", min_length=1, description="The database.")
    database_user: str = Field(
        "chorus_loader", min_length=1, description="The role that loads."
    )
    database_password: SecretStr | None = Field(
        None, description="Its password; has no default."
    )
    database_host: Host = Field(
        "127.0.0.1", description="Where PostgreSQL 18 or newer listens."
    )
    database_port: int = Field(5432, ge=1, le=65_535, description="On which port.")
    database_sslmode: Sslmode = Field(
        "prefer",
        description="How TLS is asked for on every connection: disable, allow, prefer, require, verify-ca, verify-full.",
    )
    database_admin_url: PostgresqlUrl | None = Field(
        None,
        description="A role that may create databases and roles; only `chorus warehouse bootstrap` uses it.",
    )
    database_owner_user: str = Field(
        "chorus_owner", min_length=1, description="The role that migrates."
    )
    database_owner_password: SecretStr | None = Field(None, description="Its password.")
    database_reader_password: SecretStr | None = Field(
        None, description="The password of chorus_reader, for dashboards."
    )
    database_monitor_password: SecretStr | None = Field(
        None, description="The password of chorus_monitor, for the health check and metrics."
    )
    bronze_database_schema_name: Identifier = Field(
        "bronze", description="Schema of observations as they came."
    )
    bronze_database_table_name: Identifier = Field(
        "transformed_toots_with_sentiment_data",
        description="The table of cleaned posts with their mood, in the bronze schema.",
    )
    silver_database_schema_name: Identifier = Field(
        "dim_facts", description="Schema of the star."
    )
    gold_database_schema_name: Identifier = Field(
        "analytics", description="Schema of the seven views."
    )
    timescaledb: bool = Field(
        False,
        description="Whether TimescaleDB is to keep raw events and snapshots; decided when the warehouse is made, see docs/operations.md.",
    )
    db_retry_attempts: int = Field(
        3,
        ge=1,
        le=100,
        description="How often a statement is tried when the connection was lost or transactions collided.",
    )
    db_retry_min_wait: float = Field(
        1, ge=0, le=600, description="Seconds before the second try."
    )
    db_retry_max_wait: float = Field(
        10, ge=0, le=3600, description="Seconds between tries at most."
    )

    # -- What is kept, and for how long
    archive_dir: Folder = Field(
        ".run/archive",
        description="Where weeks of raw events go after a year, as Parquet: a folder, or s3://bucket/path (needs s3fs).",
    )
    raw_files_format: Literal["none", "csv", "parquet"] = Field(
        "none",
        description="Whether raw events are also written as files, gzipped CSV or Parquet, below DATA_DIR.",
    )
    data_dir: Folder = Field(
        ".run/raw",
        description="Where these files go: a folder, with source/source_id/date/ below it.",
    )
    retention_dry_run: bool = Field(
        True,
        description="Whether retention only counts what it would remove; look at its log first, then set false.",
    )

    pseudonym_secret: SecretStr | None = Field(
        None,
        min_length=16,
        description="What names are hashed with where people are forgotten: long, random, and the same for good.",
    )

    pseudonymise: bool = Field(
        False,
        description="Whether nobody is named in what is kept: accounts and mentions become hashes made with PSEUDONYM_SECRET.",
    )

    # -- The stack of `make run`
    executor: Literal["LocalExecutor", "CeleryExecutor"] = Field(
        "LocalExecutor",
        description="CeleryExecutor starts Redis (redis-server must be installed) and a worker for each queue.",
    )
    metrics_port: int = Field(
        9464,
        ge=0,
        le=65_535,
        description="Where Prometheus finds our metrics, or the next free port; 0 switches them off.",
    )
    metrics_host: Address = Field(
        "127.0.0.1",
        description="On which address; another than loopback only where nobody but Prometheus reaches it.",
    )
    metrics_token_file: File | None = Field(
        None,
        description="The file with the bearer token that it must show; `make run` makes one in .run/secrets.",
    )
    chorus_port: int = Field(
        8080,
        ge=1,
        le=65_535,
        description="Where the Airflow UI is wanted; the next free port when it is in use.",
    )

    @model_validator(mode="before")
    @classmethod
    def _take_the_url_apart(cls, given: dict[str, Any]) -> dict[str, Any]:
        """DATABASE_URL, when set, is where the parts come from; so every role finds the same server."""
        url = given.get("database_url")
        if not url:
            return given
        try:
            parts = postgresql_parts(
                url.get_secret_value() if isinstance(url, SecretStr) else str(url)
            )
        except ValueError as error:
            raise ValueError(f"DATABASE_URL is wrong: {error}") from None
        options = dict(parse_qsl(parts.query))
        from_url = {
            "database_host": parts.hostname,
            "database_port": parts.port or 5432,
            "database_name": unquote(parts.path.lstrip("/")),
            "database_user": unquote(parts.username) if parts.username else None,
            "database_password": unquote(parts.password) if parts.password else None,
            "database_sslmode": options.get("sslmode"),
        }
        return given | {name: value for name, value in from_url.items() if value is not None}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.mastodon_base_url is None) != (self.hashtag is None):
            missing = "HASHTAG" if self.hashtag is None else "MASTODON_BASE_URL"
            raise ValueError(
                f"{missing} is missing: MASTODON_BASE_URL and HASHTAG name one target together"
            )
        if (self.reddit_client_id is None) != (self.reddit_client_secret is None):
            missing = "SECRET" if self.reddit_client_secret is None else "ID"
            raise ValueError(
                f"REDDIT_CLIENT_{missing} is missing: an app's id and secret belong together"
            )
        if self.db_retry_max_wait < self.db_retry_min_wait:
            raise ValueError(
                "DB_RETRY_MAX_WAIT is below DB_RETRY_MIN_WAIT: make it at least as long"
            )
        schemas = [
            self.bronze_database_schema_name,
            self.silver_database_schema_name,
            self.gold_database_schema_name,
            "ops",
        ]
        if len(set(schemas)) < len(schemas):
            raise ValueError(
                "BRONZE_DATABASE_SCHEMA_NAME, SILVER_DATABASE_SCHEMA_NAME and GOLD_DATABASE_SCHEMA_NAME "
                "must differ from each other and from ops"
            )
        if self.pseudonymise and self.pseudonym_secret is None:
            raise ValueError(
                "PSEUDONYM_SECRET is missing: PSEUDONYMISE=true hashes names with it; "
                "set it to a long random text and keep it for good"
            )
        if self.notify_via_discord and self.discord_webhook_url is None:
            raise ValueError(
                "DISCORD_WEBHOOK_URL is missing: NOTIFY_VIA_DISCORD=true needs one"
            )
        return self

    @property
    def time_period(self) -> timedelta:
        return timedelta(**{self.time_period_unit: self.time_period_value})

    @property
    def archive_address(self) -> str:
        """ARCHIVE_DIR from wherever it is asked for: a folder is meant from the repository's root."""
        is_url = "://" in self.archive_dir
        return self.archive_dir if is_url else str(paths.ROOT / self.archive_dir)

    @property
    def uses_demo_network(self) -> bool:
        if self.demo_network == "auto":
            return self.mastodon_base_url is None and self.targets_file is None
        return self.demo_network == "on"

    def dsn(self, role: Literal["loader", "owner", "reader", "monitor"] = "loader") -> str:
        """Where the warehouse is, for one of its roles."""
        user, password = {
            "loader": (self.database_user, self.database_password),
            "owner": (self.database_owner_user, self.database_owner_password),
            "reader": ("chorus_reader", self.database_reader_password),
            "monitor": ("chorus_monitor", self.database_monitor_password),
        }[role]
        secret = f":{quote(password.get_secret_value(), safe='')}" if password else ""
        host = self.database_host
        place = f"[{host}]" if ":" in host else quote(host, safe="")
        address = f"{place}:{self.database_port}/{quote(self.database_name, safe='')}"
        return f"postgresql://{quote(user, safe='')}{secret}@{address}{self._more_options}"

    @property
    def _more_options(self) -> str:
        """What DATABASE_URL says beyond its parts, as in sslrootcert; DATABASE_SSLMODE is one of the parts."""
        url = self.database_url.get_secret_value() if self.database_url else ""
        options = [pair for pair in parse_qsl(urlsplit(url).query) if pair[0] != "sslmode"]
        return f"?{urlencode(options)}" if options else ""

    def at(self, url: str) -> "Settings":
        """The same settings for the warehouse at another address."""
        return read_settings(**{**self.model_dump(), "database_url": url})

    @property
    def schemas(self) -> dict[str, str]:
        """What our SQL files call the schemas and the table that may be renamed."""
        return {
            "bronze": self.bronze_database_schema_name,
            "silver": self.silver_database_schema_name,
            "gold": self.gold_database_schema_name,
            "ops": "ops",
            "toots": f"{self.bronze_database_schema_name}.{self.bronze_database_table_name}",
        }


def read_settings(**overrides: Any) -> Settings:
    """Read the settings now; say in one sentence a variable what is wrong and what would be right."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise ConfigurationError(
            "; ".join(_sentence(flaw) for flaw in error.errors())
        ) from None


@cache
def load_settings() -> Settings:
    """The settings of this process."""
    return read_settings()


def _sentence(flaw: Any) -> str:
    problem = PLAINLY.get(flaw["type"], flaw["msg"].removeprefix("Value error, "))
    if not flaw["loc"]:
        return f"{problem}."
    name = str(flaw["loc"][0])
    description = (
        Settings.model_fields[name].description if name in Settings.model_fields else ""
    )
    return f"{name.upper()} is wrong: {problem[0].lower()}{problem[1:]}. {description}"
