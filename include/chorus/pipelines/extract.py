"""Extract: what one target says of a window, copied into bronze page by page, each kept as soon as it is read."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import errors

from chorus import paths
from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.events import RawEvent, Rejected, refused_by_warehouse
from chorus.domain.targets import Target, read_targets, the_one_target
from chorus.domain.window import Window
from chorus.pipelines.gate import SharedGate
from chorus.pipelines.runs import step
from chorus.sources.http import Http
from chorus.sources.mastodon import Mastodon, what_runs
from chorus.sources.page import Page
from chorus.warehouse import dead_letters, raw_events, source_state
from chorus.warehouse.connection import Connection, connect, retrying

# What a payload can be that we took for storable and PostgreSQL does not: a flaw of one, not of its page.
FLAWS = (
    errors.DataError,
    errors.ProgramLimitExceeded,
    errors.StatementTooComplex,
    errors.CheckViolation,
)


def extract(
    connection: Connection,
    settings: Settings,
    target: Mapping[str, Any],
    window: Window,
    run_id: str,
) -> dict[str, int]:
    """Read the window of one target, as `list_targets` gave it; returns how many of what."""
    wanted = Target.model_validate(target)
    with (
        step(connection, run_id, "extract", str(wanted)) as counts,
        connect(settings, autocommit=True) as shared,
        _open(shared, settings, wanted) as http,
    ):
        software = _software(shared, http, wanted)
        source = Mastodon(http, wanted.instance, software, settings.toots_limit_per_page)
        for page in source.read(wanted, window):
            stored = retrying(settings)(_keep, connection, page, run_id)
            counts.update(pages=1, **stored)
            counts["requests"] = http.requests
    return dict(counts)


def list_targets(
    settings: Settings,
    source: str = "mastodon",
    instances: Sequence[str] | None = None,
    hashtags: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """What is configured, as plain dictionaries; `instances` chooses among it, `hashtags` replaces its timelines."""
    if settings.mastodon_base_url and settings.hashtag:
        configured = [the_one_target(settings.mastodon_base_url, settings.hashtag)]
    else:
        configured = list(
            read_targets(settings.targets_file or paths.INCLUDE / "targets.yaml").all()
        )
    known = {target.instance: target for target in configured if target.source == source}
    if unknown := sorted(set(instances or ()) - known.keys()):
        raise ConfigurationError(
            f"{', '.join(unknown)} is no instance we listen to; those are {', '.join(sorted(known))}."
        )
    chosen = [name for name in known if not instances or name in instances]
    if hashtags:
        return [
            Target(
                instance=name,
                base_url=known[name].base_url,
                timeline="hashtag",
                name=hashtag.removeprefix("#"),
            ).model_dump()
            for name in chosen
            for hashtag in dict.fromkeys(hashtags)
        ]
    return [target.model_dump() for target in configured if target.instance in chosen]


def _open(shared: Connection, settings: Settings, target: Target) -> Http:
    token = settings.mastodon_access_token
    ours = target.base_url == settings.mastodon_base_url
    return Http(
        target.base_url,
        SharedGate(shared, target.source, target.instance),
        timeout=settings.api_timeout,
        # A token is for the one instance it was given for, and no other gets to see it.
        token=token.get_secret_value() if token and ours else None,
    )


def _software(shared: Connection, http: Http, target: Target) -> str:
    """Asked once: from then on the warehouse knows."""
    known = source_state.software(shared, target.source, target.instance)
    if known is None:
        known = what_runs(http)
        source_state.remember_software(shared, target.source, target.instance, known)
    return known


def _keep(connection: Connection, page: Page, run_id: str) -> dict[str, int]:
    with connection.transaction():
        stored, letters = _store(connection, page.events, run_id)
        letters = [*page.rejected, *letters]
        dead_letters.write(connection, letters, run_id, stage="extract")
    return {
        "events_extracted": len(page.events) + len(page.rejected),
        "events_new": stored.new,
        "events_seen_again": stored.seen_again,
        "rejected": len(letters),
    }


def _store(
    connection: Connection, events: Sequence[RawEvent], run_id: str
) -> tuple[raw_events.Stored, list[Rejected]]:
    """Take in what PostgreSQL takes; what it does not is found by halving, and becomes a dead letter."""
    try:
        with connection.transaction():
            return raw_events.store(connection, events, run_id), []
    except FLAWS as error:
        if len(events) == 1:
            return raw_events.Stored(), [refused_by_warehouse(events[0], error)]
    middle = len(events) // 2
    first, first_letters = _store(connection, events[:middle], run_id)
    second, second_letters = _store(connection, events[middle:], run_id)
    return first + second, first_letters + second_letters
