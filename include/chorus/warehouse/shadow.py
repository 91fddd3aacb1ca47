"""A second silver and gold beside those that people read: made by the same migrations, put in their place as a whole.

While a rebuild runs, `*_rebuild` is what it makes; `*_before` is, for a moment, what it replaced. A killed rebuild
leaves some of them behind, which nobody reads; the next one begins by removing them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import errors
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_fixed

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError, WarehouseOutdated, WarehouseUnavailable
from chorus.warehouse.catalogue import differences, expected_catalogue, read_catalogue
from chorus.warehouse.connection import Connection
from chorus.warehouse.migrations import LOCK, migrate
from chorus.warehouse.silver import LOCK_NAME
from chorus.warehouse.statements import render

SUFFIX = "_rebuild"
# How long people who ask for predictions may have to wait behind a swap that waits, and how often it tries.
PATIENCE = "set local lock_timeout = '3s'"
TRIES = 100


class Shadow(Settings):
    """The same settings with every schema under another name: where migrations make what is to be filled."""

    @property
    def schemas(self) -> dict[str, str]:
        names = {key: name + SUFFIX for key, name in super().schemas.items() if key != "toots"}
        return names | {"toots": f"{names['bronze']}.{self.bronze_database_table_name}"}


@contextmanager
def alone(owner: Connection, settings: Settings) -> Iterator[None]:
    """Refuse where another rebuild runs; the lock is the session's, so a killed one holds nothing."""
    name = f"{settings.silver_database_schema_name} rebuild"
    asked = owner.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
    if asked.fetchone() != (True,):
        raise ConfigurationError(
            "Another rebuild of this warehouse runs; wait until it is done."
        )
    try:
        yield
    finally:
        if not owner.closed:
            owner.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def make(owner: Connection, settings: Settings) -> Settings:
    """Make an empty silver and gold, everything observed marked for them; returns the settings that load them."""
    _as_migrated(owner, settings)
    discard(owner, settings)
    shadow = Shadow.model_construct(**dict(settings))
    migrate(shadow)
    with owner.transaction():
        owner.execute(render("ops/rebuild/borrow.sql", settings))
    hindrances = owner.execute(render("ops/rebuild/hindrances.sql", settings), {}).fetchall()
    if hindrances:
        raise ConfigurationError(
            f"A rebuild would lose {'; '.join(str(thing) for (thing,) in hindrances)}: "
            "drop it and make it again afterwards."
        )
    with owner.transaction():
        owner.execute(render("ops/rebuild/listen.sql", settings))
    owner.execute(render("ops/rebuild/mark_posts.sql", settings))
    owner.execute(render("ops/rebuild/mark_accounts.sql", settings))
    return shadow


def analyze(owner: Connection, shadow: Settings) -> None:
    """Tell the planner how much there is now, as years of loads would have."""
    for schema in (shadow.schemas["silver"], shadow.schemas["gold"]):
        found = owner.execute(
            "select format('%%I.%%I', schemaname, tablename) from pg_tables where schemaname = %s",
            [schema],
        ).fetchall()
        for (table,) in found:
            owner.execute(f"vacuum (analyze) {table}")


def hold_loads(owner: Connection, settings: Settings) -> None:
    """Wait for the load that runs, and keep the next ones waiting until this session ends or `let_loads`."""
    owner.execute(
        "select pg_advisory_lock(hashtextextended(%s, 0))",
        [settings.schemas["silver"] + LOCK_NAME],
    )


def let_loads(owner: Connection, settings: Settings) -> None:
    """End what `hold_loads` began."""
    owner.execute(
        "select pg_advisory_unlock(hashtextextended(%s, 0))",
        [settings.schemas["silver"] + LOCK_NAME],
    )


def swap(owner: Connection, settings: Settings) -> None:
    """Put the new silver and gold in the place of the old ones, in one transaction that waits for nobody for long."""
    again = Retrying(
        retry=retry_if_exception_type(errors.LockNotAvailable),
        stop=stop_after_attempt(TRIES),
        wait=wait_fixed(1),
        reraise=True,
    )
    try:
        again(_swap, owner, settings)
    except errors.LockNotAvailable as error:
        raise WarehouseUnavailable(
            f"Somebody held {settings.schemas['silver']}.post_sentiments for minutes; "
            "see pg_stat_activity for who, and rebuild again."
        ) from error


def discard(owner: Connection, settings: Settings) -> None:
    """Remove what is neither silver nor gold any longer, or never came to be."""
    owner.execute(render("ops/rebuild/discard.sql", settings))


def _swap(owner: Connection, settings: Settings) -> None:
    with owner.transaction():
        owner.execute(PATIENCE)
        # No migration between the look at the catalogue and the renaming.
        owner.execute(LOCK)
        # Every name in what PostgreSQL spells out for us is to have its schema.
        owner.execute("set local search_path = pg_catalog")
        carried = owner.execute(render("ops/rebuild/carried.sql", settings), {}).fetchall()
        owner.execute(render("ops/rebuild/swap.sql", settings))
        for (statement,) in carried:
            owner.execute(str(statement))
        _as_migrated(owner, settings)


def _as_migrated(owner: Connection, settings: Settings) -> None:
    # Who may do what is carried over, whoever decided it.
    parts = ("columns", "indexes", "constraints")
    found = [
        sentence
        for sentence in differences(
            expected_catalogue(), read_catalogue(owner, settings), parts
        )
        if sentence.startswith(("silver.", "gold."))
    ]
    if found:
        raise WarehouseOutdated(
            f"A rebuild makes what the migrations make, and {'; '.join(found)}: "
            "`chorus warehouse migrate` first, and move what is not ours to a schema of its own."
        )
