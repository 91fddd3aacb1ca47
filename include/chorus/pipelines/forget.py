"""The right to erasure: everything of an account goes from every layer, others' mentions of it become pseudonyms.

First the request is written down, so that nothing of it comes in any more; then one transaction empties the warehouse;
then the archive is rewritten week by week. Killed anywhere, the same command again finishes it.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from chorus.config import Settings
from chorus.domain import pseudonyms
from chorus.domain.forgetting import Forgotten
from chorus.domain.sentiment_key import ModelKey
from chorus.pipelines import forget_payloads
from chorus.pipelines.archive import (
    adopt,
    discard_older,
    remember,
    stage_verified,
    write_verified,
)
from chorus.pipelines.archive import file_name as archive_file
from chorus.pipelines.forget_payloads import Request
from chorus.pipelines.forgotten import note_beside_archive, noted_beside_archive, secret_of
from chorus.pipelines.gold import refresh_views
from chorus.pipelines.silver import load_silver
from chorus.pipelines.summaries import write_summaries
from chorus.warehouse import erasures, raw_weeks
from chorus.warehouse.connection import Connection
from chorus.warehouse.erasures import Erasure, Seen
from chorus.warehouse.forget import name_account, remove_account
from chorus.warehouse.parquet import Place

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
    seen = erasures.find_account(connection, settings, source, instance, account)
    connection.rollback()
    names = {name for one in seen for name in one.names} | _as_named(source, instance, account)
    # The account's own server calls it what everybody calls it; what it is called here is the same request again.
    main = min(name for name in names if name.kind == "handle")
    erasure = Erasure(
        source,
        instance,
        main.digest(secret),
        sorted(name.digest(secret) for name in names),
        datetime.now(UTC),
    )
    if not seen:
        seen = [Seen(source, instance, account, account, account, None)]
    request = Request(Forgotten(secret, frozenset(erasure.digests)), tuple(seen))
    if dry_run:
        counts = _from_warehouse(connection, settings, request)
        connection.rollback()
        return counts + _from_archive(connection, settings, archive, request, dry_run=True)
    erasure = erasures.write(connection, settings, erasure)
    note_beside_archive(archive, erasure)
    connection.commit()
    counts = _carry_out(connection, settings, archive, request, default_model)
    erasures.finish(connection, settings, erasure, dict(counts))
    connection.commit()
    log.info("An account of %s was forgotten: %s", instance, dict(counts))
    return counts


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
    counts = _from_warehouse(connection, settings, request)
    connection.commit()
    load_silver(connection, settings, "forget", default_model)
    refresh_views(connection)
    write_summaries(connection, settings)
    return counts + _from_archive(connection, settings, archive, request, dry_run=False)


def _from_warehouse(
    connection: Connection, settings: Settings, request: Request
) -> Counter[str]:
    bronze = settings.bronze_database_schema_name
    name_account(connection, settings, request.seen)
    counts = forget_payloads.forget_raw_events(
        connection, settings, request, f"{bronze}.raw_events"
    )
    counts += remove_account(connection, settings)
    counts += forget_payloads.rewrite_observations(connection, settings, request)
    counts += forget_payloads.rewrite_toots(connection, settings, request)
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
    for week in raw_weeks.read_weeks(connection, settings):
        connection.rollback()
        if week.generation is None:
            continue
        if not dry_run:
            discard_older(archive, week, week.generation)
        name_account(connection, settings, request.seen)
        stage_verified(connection, settings, archive, week)
        found = forget_payloads.forget_raw_events(
            connection, settings, request, "archived_events"
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


def _as_named(source: str, instance: str, account: str) -> set[pseudonyms.Name]:
    names = {pseudonyms.identifier(account, source, instance)}
    if "://" in account:
        return names | {pseudonyms.uri(account), pseudonyms.Name("handle", account)}
    return names | {pseudonyms.handle(account, source, instance)}


def _known(forgotten: Forgotten, everyone: Iterable[Seen]) -> list[Seen]:
    return [one for one in everyone if any(forgotten.knows(name) for name in one.names)]
