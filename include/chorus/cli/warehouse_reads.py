"""`chorus ask`: questions to gold, on a terminal or as JSON lines."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import typer

from chorus.config import load_settings
from chorus.warehouse import gold_reads
from chorus.warehouse.connection import Connection, connect
from chorus.warehouse.gold_reads import Baseline, Measure, Row

app = typer.Typer(no_args_is_help=True, help="Questions to the gold layer.")

WIDEST = 60

Most = Annotated[int, typer.Option("--most", "-n", min=1, max=1000, help="How many at most.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Minutes = Annotated[int, typer.Option(min=1, max=2880, help="Length of the window.")]
Hours = Annotated[int, typer.Option(min=1, max=24 * 90, help="Length of the window.")]
BaselineHours = Annotated[int, typer.Option(min=1, max=24 * 28, help="Hours of the baseline.")]
HalfLife = Annotated[
    float | None, typer.Option(min=0.1, help="Minutes in which a post loses half its weight.")
]
Smoothing = Annotated[
    float, typer.Option(min=0.001, help="Posts an hour that keep small counts small.")
]
MinGrowth = Annotated[float, typer.Option(min=0, help="Least growth that is shown.")]
MinPosts = Annotated[int, typer.Option(min=1, help="Fewest posts that are looked at.")]
MinRate = Annotated[
    float, typer.Option(min=0, max=1, help="Least share of the hashtag's posts.")
]
Instance = Annotated[str | None, typer.Option(help="Only what was read from this host.")]


@app.command()
def trending(
    *,
    minutes: Minutes = 60,
    baseline: Baseline = "hourly",
    baseline_hours: BaselineHours = 24,
    half_life: HalfLife = None,
    smoothing: Smoothing = 2,
    min_growth: MinGrowth = 1.5,
    min_posts: MinPosts = 3,
    instance: Instance = None,
    by: Annotated[
        Literal["posts", "growth"],
        typer.Option(help="What comes first: most used, or fastest growing."),
    ] = "posts",
    most: Most = 10,
    as_json: Json = False,
) -> None:
    """Show the hashtags that are used more than they used to be."""
    answer(
        lambda connection: gold_reads.trending(
            connection,
            until=datetime.now(UTC),
            minutes=minutes,
            baseline=baseline,
            baseline_hours=baseline_hours,
            half_life=half_life,
            smoothing=smoothing,
            min_growth=min_growth,
            min_posts=min_posts,
            instance=instance,
            by_growth=by == "growth",
            most=most,
        ),
        as_json=as_json,
    )


@app.command()
def recommend(
    hashtag: str,
    *,
    by: Measure = "lift",
    min_rate: MinRate = 0.01,
    min_posts: MinPosts = 2,
    most: Most = 10,
    as_json: Json = False,
) -> None:
    """Show what goes with a hashtag."""
    from chorus.domain.tags import fold_tag

    answer(
        lambda connection: gold_reads.recommendations(
            connection,
            fold_tag(hashtag.removeprefix("#")),
            by=by,
            min_rate=min_rate,
            min_posts=min_posts,
            most=most,
        ),
        as_json=as_json,
    )


@app.command()
def users(*, most: Most = 10, as_json: Json = False) -> None:
    """Show the accounts with most engagement."""
    answer(lambda connection: gold_reads.top_users(connection, most=most), as_json=as_json)


@app.command()
def hashtags(
    *,
    days: Annotated[int, typer.Option(min=1, max=90, help="Newest days.")] = 7,
    most: Most = 10,
    as_json: Json = False,
) -> None:
    """Show the hashtags with most posts."""
    answer(
        lambda connection: gold_reads.top_hashtags(connection, days=days, most=most),
        as_json=as_json,
    )


@app.command()
def gain(*, hours: Hours = 1, most: Most = 10, as_json: Json = False) -> None:
    """Show the posts that gained most lately."""
    until = datetime.now(UTC)
    answer(
        lambda connection: gold_reads.gain(
            connection, since=until - timedelta(hours=hours), until=until, most=most
        ),
        as_json=as_json,
    )


@app.command()
def flips(*, hours: Hours = 24 * 7, most: Most = 10, as_json: Json = False) -> None:
    """Show the posts whose mood changed when they were edited."""
    from chorus.sentiment.active import active_model_keys

    model = active_model_keys(load_settings())[0]
    since = datetime.now(UTC) - timedelta(hours=hours)
    answer(
        lambda connection: gold_reads.label_flips(connection, model, since=since, most=most),
        as_json=as_json,
    )


def answer(question: Callable[[Connection], list[Row]], *, as_json: bool) -> None:
    """Ask and show; others with questions to the warehouse answer through it, too."""
    with connect(load_settings()) as connection:
        connection.read_only = True
        rows = question(connection)
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=str, ensure_ascii=False))
    elif rows:
        _show(rows)
    else:
        typer.echo("Nothing to show.")


def _show(rows: list[Row]) -> None:
    lines = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def _cell(value: Any) -> str:
    """A value on one line; what people wrote moves no cursor and colours nothing."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = "".join(sign if sign.isprintable() else " " for sign in str(value))
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"
