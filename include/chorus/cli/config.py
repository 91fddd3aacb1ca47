"""`chorus config`: what can be set."""

import typer

from chorus import paths
from chorus.config import Settings

app = typer.Typer(no_args_is_help=True, help="The settings.")


@app.command()
def example(*, check: bool = False) -> None:
    """Write .env.example from the settings' descriptions, or check that it is up to date."""
    file = paths.ROOT / ".env.example"
    text = example_text()
    if not check:
        file.write_text(text)
    elif file.read_text() != text:
        typer.echo(".env.example is out of date; run `make generate`.", err=True)
        raise typer.Exit(1)


def example_text() -> str:
    """Every variable with its default and a line that explains it, a paragraph each.

    The defaults are commented out: what stands in .env counts as chosen, and a copy of this file chooses nothing.
    """
    head = "# Copy to .env, and take the # from what you want to be otherwise. What stands here are the defaults.\n"
    blocks = [
        f"# {field.description}\n#{name.upper()}={_shown(field.default)}\n"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join([head, *blocks])


def _shown(default: object) -> str:
    if default is None:
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
