"""Pages for people: no scripts, everything escaped, nothing loaded from elsewhere, framed by Airflow alone."""

from datetime import UTC, datetime
from pathlib import Path

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).with_name("templates")
SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%d %b %Y, %H:%M} UTC"


_environment.filters["clock"] = clock


def page(template: str, **values: object) -> HTMLResponse:
    return HTMLResponse(_environment.get_template(template).render(**values), headers=SAFE)


def style() -> Response:
    text = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    return Response(text, headers=SAFE, media_type="text/css")
