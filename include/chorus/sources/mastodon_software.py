"""What an instance runs, by its own word: /api/v2/instance, else its nodeinfo.

`mastodon` is said only of Mastodon itself and its forks, whose ids tell the time. Others speak /api/v2/instance too, under
their own source_url, or with a version that is "compatible".
"""

import re
from typing import Any
from urllib.parse import quote, urlsplit

from chorus.domain.errors import SourceError, SourceUnavailable
from chorus.sources.http import Http

UNKNOWN = "unknown"
# Older ones count their posts from one.
FIRST_WITH_SNOWFLAKES = 2
VERSION = re.compile(r"(\d+)\.\d+\.\d+\S*$")
LONGEST = 200
NODEINFO = "nodeinfo.diaspora.software/ns/schema/2."


def what_runs(http: Http) -> str:
    """`name version`, or UNKNOWN where it will not say: what it breaks on is no reason not to read its posts."""
    told, silence = _said(http, "/api/v2/instance")
    said = software_in(told)
    if not said.startswith(UNKNOWN):
        return said
    told, still = _said(http, "/.well-known/nodeinfo")
    if silence is not None and still is not None:
        raise still
    path = _nodeinfo_path(told)
    named = software_told(_said(http, path)[0]) if path.startswith("/") else UNKNOWN
    return said if named == UNKNOWN else named


def software_in(said: Any) -> str:
    """From the answer of /api/v2/instance."""
    if not isinstance(said, dict):
        return UNKNOWN
    version = _word(said.get("version"))
    source = _path_of(said.get("source_url")).rstrip("/").lower()
    project = source.rpartition("/")[2].removesuffix(".git")
    if project == "mastodon" and _has_snowflakes(version):
        return f"mastodon {version}"
    return f"{project if project not in {'', 'mastodon'} else UNKNOWN} {version}".strip()


def software_told(said: Any) -> str:
    """From a nodeinfo document."""
    told = said.get("software") if isinstance(said, dict) else None
    told = told if isinstance(told, dict) else {}
    name, version = _word(told.get("name")).lower(), _word(told.get("version"))
    if not name or (name == "mastodon" and not _has_snowflakes(version)):
        return UNKNOWN
    return f"{name} {version}".strip()


def _has_snowflakes(version: str) -> bool:
    number = VERSION.match(version)
    return number is not None and int(number[1]) >= FIRST_WITH_SNOWFLAKES


def _nodeinfo_path(said: Any) -> str:
    """Of the newest document there is; only the path of its address, whose host may be a proxy's idea of it."""
    links = said.get("links") if isinstance(said, dict) else None
    found = {
        str(link.get("rel")): _path_of(link.get("href"))
        for link in (links if isinstance(links, list) else [])
        if isinstance(link, dict) and NODEINFO in str(link.get("rel"))
    }
    return found[max(found)] if found else ""


def _word(text: Any) -> str:
    """What can be kept and shown of it."""
    return (
        "".join(filter(str.isprintable, text[:LONGEST])).strip()
        if isinstance(text, str)
        else ""
    )


def _path_of(address: Any) -> str:
    try:
        return quote(urlsplit(_word(address)).path)
    except ValueError:
        return ""


def _said(http: Http, path: str) -> tuple[Any, SourceUnavailable | None]:
    """What it said, None for whatever is nothing; and why it was silent. One that asks to wait is waited for."""
    try:
        return http.get_unless_it_breaks(path).body, None
    except SourceUnavailable as error:
        if error.retry_after is not None:
            raise
        return None, error
    except SourceError:
        return None, None
