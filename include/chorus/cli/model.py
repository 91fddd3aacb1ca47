"""`chorus model`: bring, check and compare the models that read the mood."""

from pathlib import Path
from typing import Annotated

import typer

from chorus import paths
from chorus.config import load_settings
from chorus.sentiment.cards import ModelCard

app = typer.Typer(no_args_is_help=True, help="The models: their cards and their weights.")

Name = Annotated[str | None, typer.Argument(help="A card in include/models; all active ones.")]
Models = Annotated[Path, typer.Option(hidden=True)]


@app.command("list")
def list_models(models: Models = paths.MODELS) -> None:
    """Every card: whether it is active, and whether its weights are here."""
    from chorus.domain.errors import ModelMissing
    from chorus.sentiment.active import active_models
    from chorus.sentiment.cards import read_cards
    from chorus.sentiment.weights import require_weights

    active = [model.card.name for model in active_models(load_settings(), models)]
    for card in read_cards(models):
        try:
            require_weights(card)
            here = "here"
        except ModelMissing:
            here = "not fetched"
        role = "default" if active[0] == card.name else "beside" if card.name in active else ""
        typer.echo(f"{card.name:<28} {here:<12} {role:<8} {card.repository}@{card.revision}")


@app.command()
def fetch(
    name: Name = None,
    folder: Annotated[
        Path | None, typer.Option("--from", help="A folder that holds the files.")
    ] = None,
    models: Models = paths.MODELS,
) -> None:
    """Bring the weights here; refuse what differs from the card."""
    from chorus.sentiment.fetching import fetch as bring

    for card in _chosen(name, models):
        fetched = bring(card, folder)
        typer.echo(f"{card.repository}@{card.revision} is here: {card.weights}")
        if fetched.converted:
            typer.echo(f"  converted to model.safetensors, SHA-256 {fetched.converted}")
        for file, checksum in fetched.unverified.items():
            typer.echo(f"  not verified, its card holds no checksum: {file} {checksum}")


@app.command()
def check(name: Name = None, models: Models = paths.MODELS) -> None:
    """Read every file and compare it with its card."""
    from chorus.sentiment.backends.base import open_backend
    from chorus.sentiment.weights import verify_weights

    for card in _chosen(name, models):
        unknown = verify_weights(card)
        if card.backend == "vader":
            open_backend(card, "cpu", "exact")  # it verifies its lexicon as it loads
        doubt = f"; not verified: {', '.join(unknown)}" if unknown else ""
        typer.echo(f"{card.repository}@{card.revision} is what its card says{doubt}")


@app.command()
def optimize(
    name: Name = None,
    texts: Annotated[
        Path | None,
        typer.Option(
            help="Texts to measure with, one a line; without it the warehouse's posts."
        ),
    ] = None,
    sample: Annotated[int, typer.Option(help="Posts at most.")] = 5000,
    models: Models = paths.MODELS,
) -> None:
    """Make the int8 model for this machine's CPU and count the labels it flips."""
    from chorus.pipelines.compare_models import sample_texts
    from chorus.sentiment.optimized import require_optimized
    from chorus.sentiment.optimizing import optimize as make
    from chorus.warehouse.connection import connect

    settings = load_settings()
    if texts:
        said = texts.read_text().splitlines()
    else:
        with connect(settings) as connection:
            said = sample_texts(connection, settings, sample)
    for card in _chosen(name, models):
        found = make(card, [text for text in said if text.strip()])
        typer.echo(
            f"{card.repository}@{card.revision} in int8: {found.flips} of {found.texts} labels flip"
            f" ({found.share:.2%}), no probability by more than {found.largest_difference:.4f}"
        )
        require_optimized(card)
        typer.echo("SENTIMENT_PRECISION=int8 switches it on")


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A card.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    sample: Annotated[
        int, typer.Option(help="Texts at most, of those both have read.")
    ] = 10_000,
    models: Models = paths.MODELS,
) -> None:
    """How far two models agree: agreement, flips, and a confusion matrix."""
    from rich.console import Console
    from rich.table import Table

    from chorus.pipelines.compare_models import compare_models
    from chorus.sentiment.active import activate
    from chorus.sentiment.cards import find_card
    from chorus.warehouse.connection import connect

    settings = load_settings()
    one, other = (activate(find_card(name, models), settings).key for name in (first, second))
    with connect(settings) as connection:
        found = compare_models(connection, settings, one, other, sample)
    typer.echo(f"{found.texts} texts, {found.agreement:.1%} agreement, {found.flips} flips")
    table = Table(f"{first} \\ {second}", *found.columns)
    for row in found.rows:
        cells = (str(found.cells.get((row, column), 0)) for column in found.columns)
        table.add_row(row, *cells)
    Console().print(table)


def _chosen(name: str | None, models: Path) -> list[ModelCard]:
    from chorus.sentiment.active import active_models
    from chorus.sentiment.cards import find_card

    if name:
        return [find_card(name, models)]
    return [model.card for model in active_models(load_settings(), models)]
