"""The right to erasure: everything of an account goes from every layer, others' mentions of it become pseudonyms.

First the request is written down, so that nothing of it comes in any more; then one transaction empties the warehouse;
then the archive is rewritten week by week, and the files below DATA_DIR one by one. Killed anywhere, the same command
again finishes it.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.forgetting import Forgotten
from chorus.domain.sentiment_key import ModelKey
from chorus.pipelines import forget_payloads
from chorus.pipelines.archive import (
    adopt,
    discard_older,
    discard_unfinished,
    remember,
    stage_verified,
    write_verified,
)
from chorus.pipelines.archive import file_name as archive_file
from chorus.pipelines.forget_files import forget_files
from chorus.pipelines.forget_names import Meant, find_meant
from chorus.pipelines.forget_payloads import Request
from chorus.pipelines.forget_targets import forget_targets
from chorus.pipelines.forgotten import note_beside_archive, noted_beside_archive, secret_of
from chorus.pipelines.gold import refresh_views
from chorus.pipelines.silver import load_silver
from chorus.pipelines.summaries import write_summaries
from chorus.warehouse import erasures, raw_weeks
from chorus.warehouse.connection import Connection
from chorus.warehouse.erasures import Erasure, Seen
from chorus.warehouse.forget import name_account, remove_account
from chorus.warehouse.one_at_a_time import ARCHIVE, one_at_a_time
from chorus.warehouse.parquet import Place
from chorus.warehouse.statements import render

log = logging.getLogger(__name__)


def forget(
    connection: Connection,
    settings: Settings,
    archive: Place,
    *,
    source: str,
    instance: str,
    account: str,
    dry_run: bool = False,
    default_model: ModelKey | None = None,
) -> Counter[str]:
    """Forget one account, named by its handle, id or address; returns how many rows of what went."""
    secret = secret_of(settings)
    # What lies in the archive stays where it is while it is read.
    with one_at_a_time(connection, ARCHIVE, wait=True):
        if not dry_run:
            adopt(connection, settings, archive)
        meant = find_meant(
            connection, settings, archive, source=source, instance=instance, account=account
        )
        erasure = _erasure(connection, settings, source, instance, meant)
    request = Request(Forgotten(secret, frozenset(erasure.digests)), meant.seen)
    if dry_run:
        counts = _from_warehouse(connection, settings, request)
        connection.rollback()
        counts += _from_archive(connection, settings, archive, request, dry_run=True)
        return counts + forget_files(settings, request.forgotten, dry_run=True)
    erasure = erasures.write(connection, settings, erasure)
    note_beside_archive(archive, erasure)
    connection.commit()
    # With the names of an earlier try, which the warehouse has forgotten since.
    request = Request(Forgotten(secret, frozenset(erasure.digests)), meant.seen)
    counts = _carry_out(connection, settings, archive, request, default_model)
    erasures.finish(connection, settings, erasure, dict(counts))
    connection.commit()
    log.info("An account of %s was forgotten: %s", instance, dict(counts))
    return counts


def _erasure(
    connection: Connection, settings: Settings, source: str, instance: str, meant: Meant
) -> Erasure:
    secret = secret_of(settings)
    digests = {name.digest(secret) for name in meant.names}
    earlier = erasures.find_earlier(connection, settings, digests)
    if earlier:
        # The same request again: its names are known still, and a word that was only guessed at is none of them.
        known = {digest for one in earlier for digest in one.digests}
        return replace(earlier[0], digests=sorted(known | digests if meant.was_seen else known))
    # The account's own server calls it what everybody calls it; what it is called here is the same request again.
    main = min(name for name in meant.names if name.kind == "handle")
    return Erasure(source, instance, main.digest(secret), sorted(digests), datetime.now(UTC))


def reapply(
    connection: Connection,
    settings: Settings,
    archive: Place,
    default_model: ModelKey | None = None,
) -> Counter[str]:
    """Forget again everybody on the list, as after an older backup was restored; returns how many rows of what went."""
    for erasure in noted_beside_archive(archive):
        erasures.write(connection, settings, erasure)
    connection.commit()
    adopt(connection, settings, archive)
    digests = erasures.read_digests(connection, settings)
    counts: Counter[str] = Counter()
    if not digests:
        return counts
    forgotten = Forgotten(secret_of(settings), digests)
    seen = _known(forgotten, erasures.every_name(connection, settings))
    connection.rollback()
    request = Request(forgotten, tuple(seen))
    return _carry_out(connection, settings, archive, request, default_model)


def _carry_out(
    connection: Connection,
    settings: Settings,
    archive: Place,
    request: Request,
    default_model: ModelKey | None,
) -> Counter[str]:
    with _nobody_copies(connection, settings):
        counts = _from_warehouse(connection, settings, request)
        connection.commit()
        load_silver(connection, settings, "forget", default_model)
        refresh_views(connection)
        write_summaries(connection, settings)
        counts += _from_archive(connection, settings, archive, request, dry_run=False)
        return counts + forget_files(settings, request.forgotten, dry_run=False)


@contextmanager
def _nobody_copies(connection: Connection, settings: Settings) -> Iterator[None]:
    """Neither a rebuild, which read what is to go, nor retention, which carries it between warehouse and archive."""
    rebuild = f"{settings.silver_database_schema_name} rebuild"
    with one_at_a_time(connection, rebuild) as is_alone:
        if not is_alone:
            raise ConfigurationError(
                "A rebuild of this warehouse runs and may have read the account already; the request is kept: "
                "give the same command again when it is done."
            )
        with one_at_a_time(connection, ARCHIVE, wait=True):
            yield


def _from_warehouse(
    connection: Connection, settings: Settings, request: Request
) -> Counter[str]:
    bronze = settings.bronze_database_schema_name
    name_account(connection, settings, request.seen)
    counts = forget_payloads.forget_raw_events(
        connection, settings, request, f"{bronze}.raw_events"
    )
    counts += remove_account(connection, settings)
    letters = connection.execute(render("bronze/dead_letters/forget_posts.sql", settings))
    counts["dead_letters"] += letters.rowcount
    counts += forget_payloads.rewrite_observations(connection, settings, request)
    counts += forget_payloads.rewrite_toots(connection, settings, request)
    counts += forget_targets(connection, settings, request.forgotten)
    for table in ("dead_letters", "stream_events"):
        counts += forget_payloads.forget_payloads(connection, settings, request, table)
    return counts


def _from_archive(
    connection: Connection,
    settings: Settings,
    archive: Place,
    request: Request,
    *,
    dry_run: bool,
) -> Counter[str]:
    """Write every week anew that names them, each in a transaction of its own."""
    counts: Counter[str] = Counter()
    if not dry_run:
        # Whoever was killed while archiving left files that nobody knows of.
        discard_unfinished(connection, settings, archive)
        adopt(connection, settings, archive)
    for week in raw_weeks.read_weeks(connection, settings):
        connection.rollback()
        if week.generation is None:
            continue
        if not dry_run:
            discard_older(archive, week, week.generation)
        name_account(connection, settings, request.seen)
        stage_verified(connection, settings, archive, week)
        # Every row is looked at: by the second try the warehouse knows none of their names any more.
        found = forget_payloads.forget_raw_events(
            connection, settings, request, "archived_events", needles=["%"]
        )
        if dry_run or not found.total():
            connection.rollback()
        else:
            file = archive / archive_file(week, week.generation + 1)
            held = write_verified(connection, settings, file, "pg_temp.archived_events")
            remember(connection, settings, week, file, held)
            connection.commit()
            discard_older(archive, week, week.generation + 1)
        counts.update({f"archived_{what}": many for what, many in found.items()})
    return counts


def _known(forgotten: Forgotten, everyone: Iterable[Seen]) -> list[Seen]:
    return [one for one in everyone if any(forgotten.knows(name) for name in one.names)]
