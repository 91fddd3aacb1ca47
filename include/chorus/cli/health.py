"""`chorus healthcheck` and `chorus slo`: whether it is well now, and whether it was for thirty days."""

from typing import Annotated

import typer

from chorus.config import Settings, load_settings
from chorus.domain.errors import NotifyError, WarehouseUnavailable
from chorus.domain.rules import SILENCE, WAREHOUSE, Rule
from chorus.pipelines.watch import Finding

PATIENCE = 10


def healthcheck(
    *,
    alarm: Annotated[
        bool, typer.Option(help="Tell ALARM_CHANNELS as well, once an hour at most.")
    ] = False,
) -> None:
    """One line, and exit code 1 where nothing was ingested for too long: for cron, needs no scheduler."""
    settings = load_settings()
    rule, found = _look(settings)
    if alarm:
        _tell(settings, rule, found)
    typer.echo(("Well. " if found.is_well else "Not well. ") + found.sentence)
    if not found.is_well:
        raise typer.Exit(1)


def slo(
    *, days: Annotated[int, typer.Option(min=1, max=3660, help="How far to look back.")] = 30
) -> None:
    """The last thirty days beside what was promised (THRESHOLDS); exit code 1 where one is missed."""
    from rich.console import Console
    from rich.table import Table

    from chorus.pipelines.slo import measure_objectives
    from chorus.warehouse.connection import connect

    settings = load_settings()
    with connect(settings, "monitor") as connection:
        objectives = measure_objectives(connection, settings, days)
    table = Table(title=f"The last {days} days", title_justify="left")
    for column in ("objective", "measured", "promised", ""):
        table.add_column(column)
    for objective in objectives:
        measured, sign = objective.measured, "≥" if objective.more_is_better else "≤"
        table.add_row(
            f"{objective.name}: {objective.says}",
            f"{measured:.2f} {objective.unit}" if measured is not None else "nothing yet",
            f"{sign} {objective.promised:g} {objective.unit}",
            "ok" if objective.is_met else "MISSED",
        )
    Console().print(table)
    if not all(objective.is_met for objective in objectives):
        raise typer.Exit(1)


def _look(settings: Settings) -> tuple[Rule, Finding]:
    import psycopg

    from chorus.pipelines.watch import silence
    from chorus.warehouse.connection import connect

    try:
        with connect(settings, "monitor") as connection:
            # Whoever asks every few minutes must not pile up behind a lock.
            connection.execute(f"set statement_timeout = '{PATIENCE}s'")
            return SILENCE, silence(connection, settings)
    except WarehouseUnavailable as error:
        return WAREHOUSE, Finding(is_well=False, sentence=str(error))
    except psycopg.Error as error:
        reason = str(error).splitlines()[0]
        return WAREHOUSE, Finding(is_well=False, sentence=f"PostgreSQL refused: {reason}.")


def _tell(settings: Settings, rule: Rule, found: Finding) -> None:
    from chorus.pipelines.alarm import alarm_of, raise_alarm, say_well_again

    try:
        if not found.is_well:
            raise_alarm(alarm_of(rule, found.sentence), settings)
            return
    except NotifyError as error:
        typer.echo(str(error), err=True)
        return
    for over in (SILENCE, WAREHOUSE):
        sentence = f"{over.name.capitalize()} is well again. {found.sentence}"
        say_well_again(alarm_of(over, sentence), settings)
