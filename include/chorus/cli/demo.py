"""`chorus demo`: the pretended network, running or as files."""

from pathlib import Path
from typing import Annotated

import typer

from chorus import paths

app = typer.Typer(no_args_is_help=True, help="A pretended social network on this machine.")


@app.command()
def serve(
    *,
    state_dir: Annotated[
        Path, typer.Option(help="Where the addresses are written once it runs.")
    ] = paths.ROOT / ".run" / "demo",
    ports: Annotated[
        str, typer.Option(help="0 for any free ones, or mastodon,ulid,hub,mail.")
    ] = "7801,7802,7803,7825",
    seed: int = 1337,
    posts_per_hour: Annotated[
        float,
        typer.Option(
            min=0,
            max=100_000,
            help="Tagged public posts that reach mastodon.demo in a mean hour.",
        ),
    ] = 450,
    limits: Annotated[bool, typer.Option(help="Answer 429 as real servers do.")] = True,
) -> None:
    """Run the demo network until Ctrl-C or SIGTERM; open the hub's address to see what it is. Its life began in 2020."""
    from chorus.demo.ports import Ports
    from chorus.demo.serving import serve as run

    run(
        state_dir,
        ports=Ports.parse(ports),
        seed=seed,
        posts_per_hour=posts_per_hour,
        limits=limits,
    )


@app.command()
def seed(
    *,
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = paths.ROOT
    / "data"
    / "demo",
    users: Annotated[int, typer.Option(min=1)] = 1000,
    posts: Annotated[int, typer.Option(min=1)] = 10_000,
    hashtags: Annotated[int, typer.Option(min=1)] = 150,
    seed: int = 1337,
) -> None:
    """Write accounts.jsonl, statuses.jsonl and hashtags.jsonl, the same ones each time."""
    from chorus.demo.seeding import seed as write

    written = write(out, users=users, posts=posts, hashtags=hashtags, seed=seed)
    for file in (written.accounts, written.statuses, written.hashtags):
        typer.echo(str(file))
