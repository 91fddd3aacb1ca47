"""What the pages name is there: other pages and their headings, files, commands with their options, make targets."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import Command
from typer.main import get_command

from chorus import paths
from chorus.cli.main import app

PAGES = [
    *paths.ROOT.glob("*.md"),
    *(paths.ROOT / "docs").rglob("*.md"),
    *(paths.ROOT / ".github").rglob("*.md"),
]
DECISIONS = paths.ROOT / "docs" / "adr"
# It tells of commands that went.
TODAYS = [page for page in PAGES if page.name != "CHANGELOG.md"]


def name_of(page: Path) -> str:
    return str(page.relative_to(paths.ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_whatever_a_page_points_to_is_there(page: Path) -> None:
    missing = set()
    for place, heading in re.findall(
        r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)", page.read_text()
    ):
        there = page.parent / place if place else page
        if not there.exists() or (heading and heading not in headings(there)):
            missing.add(f"{place}#{heading}")
    assert missing == set()


def headings(page: Path) -> set[str]:
    """As GitHub names them in an address."""
    plain = [
        re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-")
        for line in re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    ]
    return set(plain)


@pytest.mark.parametrize("page", TODAYS, ids=name_of)
def test_every_chorus_command_on_a_page_exists_with_its_options(page: Path) -> None:
    wrong = {
        line
        for line in re.findall(
            r"(?:`|^|bin/|worker )chorus ([a-z][^`\n#]*)", page.read_text(), re.MULTILINE
        )
        if not understood(line)
    }
    # Prose that begins a line with the name.
    assert wrong - {"below is "} == set()


def understood(line: str) -> bool:
    command: Command = get_command(app)
    words = line.split()
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
    if words and hasattr(command, "commands"):
        return False
    options = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    return {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_on_a_page_exists(page: Path) -> None:
    named = re.findall(r"(?:`|^)make ((?:[a-z][a-z-]+ ?)+)", page.read_text(), re.MULTILINE)
    assert {target for line in named for target in line.split()} <= set(targets())


def targets() -> Iterator[str]:
    for file in (paths.ROOT / "Makefile", *(paths.ROOT / "tools").glob("*.mk")):
        yield from re.findall(r"^([a-z-]+):.*## ", file.read_text(), re.MULTILINE)


def test_every_file_on_the_way_of_a_post_is_there() -> None:
    """docs/architecture.md names them from include/chorus, include or the root."""
    page = (paths.ROOT / "docs" / "architecture.md").read_text()
    roots = [paths.ROOT, paths.ROOT / "include", paths.ROOT / "include" / "chorus"]
    named = set(re.findall(r"`([\w.]+/[\w/.*]+)`", page))
    assert len(named) > 20
    missing = {name for name in named if not any(_found(root, name) for root in roots)}
    assert missing - {".run/logs/"} == set()


def _found(root: Path, name: str) -> bool:
    return any(root.glob(name.rstrip("/")))


def test_every_decision_stands_in_the_list_by_its_title() -> None:
    pages = sorted(DECISIONS.glob("0*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    listed = (DECISIONS / "README.md").read_text()
    for page, number in zip(pages, numbers, strict=True):
        title = page.read_text().splitlines()[0].removeprefix(f"# {number}. ")
        assert f"| [{number:04}]({page.name}) | {title} |" in listed
