"""A pool per scarce resource, made by whichever Airflow component starts first.

A task whose pool is missing waits for ever, so no installation may depend on somebody remembering
to make them. A pool that exists keeps the size a person gave it.
"""

from dataclasses import dataclass
from typing import Any

from airflow.listeners import hookimpl

from chorus.orchestration.sources import sources


@dataclass(frozen=True, slots=True)
class ScarceResource:
    pool: str
    slots: int
    why: str


# Of a source that is not among them two targets are read at once.
READERS = (
    ScarceResource("mastodon", 4, "300 requests per 5 minutes and instance, shared"),
    ScarceResource("reddit", 2, "100 requests a minute for one app, shared by its readers"),
)
SECOND_LOOKS = ScarceResource(
    "second_looks", 2, "Looks again at what was read; apart, so that no window waits for one"
)
WAREHOUSE = ScarceResource("warehouse", 4, "Loads and refreshes that keep PostgreSQL busy")
DISCORD = ScarceResource("discord", 1, "One webhook, whose rate limit counts all its senders")
WATCH = ScarceResource("watch", 2, "Looks at the pipeline that must not stand in its way")


def model() -> ScarceResource:
    """One slot for each shard: a model already uses every core of its worker."""
    from chorus.config import load_settings

    settings = load_settings()
    why = "A model in the memory of each worker, which already uses every core"
    return ScarceResource(settings.sentiment_pool, settings.sentiment_shards, why)


def readers_of(source: str) -> ScarceResource:
    """Those who ask one platform, which counts them together."""
    known = {resource.pool: resource for resource in READERS}
    why = f"What {source} lets us ask, shared by its readers"
    return known.get(source, ScarceResource(source, 2, why))


def every_pool() -> list[ScarceResource]:
    readers = map(readers_of, sources())
    return [*readers, SECOND_LOOKS, WAREHOUSE, DISCORD, WATCH, model()]


def ensure_pools() -> list[str]:
    """Make the pools that are missing in Airflow's own database; returns their names."""
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session
    from sqlalchemy.exc import IntegrityError

    made = []
    for resource in every_pool():
        try:
            with create_session() as session:
                if Pool.get_pool(resource.pool, session=session) is None:
                    pool = Pool(pool=resource.pool, slots=resource.slots)
                    pool.description = resource.why
                    pool.include_deferred = False
                    session.add(pool)
                    made.append(resource.pool)
        except IntegrityError:  # another component was quicker
            made.remove(resource.pool)
    return made


@hookimpl
def on_starting(component: Any) -> None:
    """Airflow calls this in scheduler, triggerer and dag-processor, and also in every task."""
    if type(component).__name__ == "Job":  # a task process may not speak to Airflow's database
        ensure_pools()
