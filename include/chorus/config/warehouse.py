"""Where the warehouse is, and what its schemas are called."""

from typing import Any, Literal, Self
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from chorus import paths
from chorus.domain.postgres_names import Identifier, PostgresName, Role
from chorus.domain.setting_types import Host, PostgresqlUrl, Sslmode, postgresql_parts


class UrlParts(BaseModel):
    """What DATABASE_URL says of our settings, under the names that libpq has for it among a URL's options."""

    model_config = ConfigDict(hide_input_in_errors=True)

    host: Host
    port: int = Field(5432, ge=1, le=65_535)
    dbname: PostgresName
    user: Role | None = None
    password: str | None = None
    sslmode: Sslmode | None = None

    @classmethod
    def of(cls, url: str) -> Self:
        parts = postgresql_parts(url)
        in_front = {
            "host": parts.hostname,
            "port": parts.port,
            "dbname": unquote(parts.path.lstrip("/")),
            "user": parts.username and unquote(parts.username),
            "password": parts.password and unquote(parts.password),
        }
        said = {name: value for name, value in in_front.items() if value}
        try:
            return cls(**said | dict(parse_qsl(parts.query)))
        except ValidationError as error:
            [flaw, *_] = error.errors(include_input=False)
            problem = flaw["msg"].removeprefix("Value error, ")
            raise ValueError(f"its {flaw['loc'][0]}: {problem}") from None


OF_PARTS = {"dbname": "database_name"}


class Warehouse(BaseModel):
    """PostgreSQL, its roles and its names."""

    database_url: SecretStr | None = Field(
        None,
        description="A whole address, as in postgresql://user:password@host:5432/chorus; overrides the parts below.",
    )
    database_name: PostgresName = Field("chorus", description="The database.")
    database_user: Role = Field("chorus_loader", description="The role that loads.")
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
    database_owner_user: Role = Field("chorus_owner", description="The role that migrates.")
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

    @model_validator(mode="before")
    @classmethod
    def _take_the_url_apart(cls, given: dict[str, Any]) -> dict[str, Any]:
        """DATABASE_URL, when set, is where the parts come from; so every role finds the same server."""
        url = given.get("database_url")
        if not url:
            return given
        try:
            parts = UrlParts.of(url.get_secret_value() if isinstance(url, SecretStr) else url)
        except ValueError as error:
            raise ValueError(f"DATABASE_URL is wrong: {error}") from None
        from_url = {
            OF_PARTS.get(name, f"database_{name}"): value
            for name, value in parts.model_dump(exclude_none=True).items()
        }
        return given | from_url

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.db_retry_max_wait < self.db_retry_min_wait:
            raise ValueError(
                "DB_RETRY_MAX_WAIT is below DB_RETRY_MIN_WAIT: make it at least as long"
            )
        reading = {"chorus_reader", "chorus_monitor"}
        if self.database_user in {
            self.database_owner_user,
            "chorus_owner",
            *reading,
        } or self.database_owner_user in {"chorus_loader", *reading}:
            raise ValueError(
                "DATABASE_USER (or the user of DATABASE_URL) and DATABASE_OWNER_USER must differ from each other and from the other roles of the "
                "warehouse, since each may do what the next may not: leave them out, or choose names that nobody has"
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
        # Each of our tables has a folder of statements that is named as it is; raw_events is kept by week.
        table = self.bronze_database_table_name
        taken = {folder.name for folder in (paths.SQL / "bronze").iterdir()} - {"toots"}
        if table in taken or table.startswith("raw_events"):
            raise ValueError(
                f"BRONZE_DATABASE_TABLE_NAME is {table}, which another table of the bronze schema is called: "
                "choose a name that none has, as in posts_with_mood"
            )
        return self

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
        """What DATABASE_URL says beyond its parts, as in sslrootcert."""
        url = self.database_url.get_secret_value() if self.database_url else ""
        options = [
            pair
            for pair in parse_qsl(urlsplit(url).query)
            if pair[0] not in UrlParts.model_fields
        ]
        return f"?{urlencode(options)}" if options else ""

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
