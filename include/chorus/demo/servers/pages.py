"""The few HTML pages for people: no scripts, everything escaped, nothing loaded from elsewhere."""

import re
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).with_name("templates")
STYLE = "style.css"
SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def as_discord_shows(said: object) -> str:
    """Its words without the backslashes by which markdown is told to leave a sign alone."""
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", str(said))


_environment.filters["shown"] = as_discord_shows


def render(template: str, *, code: int = 200, **values: object) -> web.Response:
    text = _environment.get_template(template).render(**values)
    return web.Response(text=text, status=code, headers=SAFE, content_type="text/html")


async def style(_: web.Request) -> web.Response:
    text = (TEMPLATES / STYLE).read_text(encoding="utf-8")
    return web.Response(text=text, headers=SAFE, content_type="text/css")
