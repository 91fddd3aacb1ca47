"""`chorus forget` and `chorus reapply-erasures`: the right to erasure."""

from typing import Annotated

import typer

from chorus.config import load_settings
from chorus.warehouse.connection import connect


def forget(
    *,
    source: Annotated[str, typer.Option(help="The platform, as in mastodon.")],
    instance: Annotated[str, typer.Option(help="Where it was read, as in mastodon.social.")],
    account: Annotated[str, typer.Option(help="Its handle there, its id, or its address.")],
    dry_run: Annotated[bool, typer.Option(help="Only count.")] = False,
) -> None:
    """Remove an account from every layer and the archive, and keep it from coming back."""
    from upath import UPath

    from chorus.cli.pipeline import said
    from chorus.pipelines.forget import forget as erase

    settings = load_settings()
    with connect(settings) as connection:
        counts = erase(
            connection,
            settings,
            UPath(settings.archive_address),
            source=source,
            instance=instance,
            account=account,
            dry_run=dry_run,
        )
    if not counts.total():
        later = "" if dry_run else "; what comes of it later is kept out"
        typer.echo(f"Nothing was found of {account} at {instance}{later}.")
        return
    typer.echo(f"{'Would remove' if dry_run else 'Removed'}: {said(counts)}.")


def reapply_erasures() -> None:
    """Forget again whoever was forgotten, after a backup was restored; `make restore` does it by itself."""
    from upath import UPath

    from chorus.cli.pipeline import said
    from chorus.pipelines.forget import reapply

    settings = load_settings()
    with connect(settings) as connection:
        counts = reapply(connection, settings, UPath(settings.archive_address))
    typer.echo(f"Forgotten again: {said(counts)}.")
