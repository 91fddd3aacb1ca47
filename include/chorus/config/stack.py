"""What `make run` starts, and where it is found."""

from typing import Literal

from pydantic import BaseModel, Field

from chorus.domain.setting_types import Address, File


class Stack(BaseModel):
    """The executor and the ports."""

    executor: Literal["LocalExecutor", "CeleryExecutor"] = Field(
        "LocalExecutor",
        description="CeleryExecutor starts Redis (redis-server must be installed) and a worker for each queue.",
    )
    json_logs: bool = Field(
        False,
        description="Whether every line of a log is a JSON object, for whoever collects them; tasks' logs always are.",
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
