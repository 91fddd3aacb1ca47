"""Where an answer sends us: to its next page, or elsewhere. Never to another host, whatever it says."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests
from requests.utils import parse_header_links

from chorus.domain.errors import SourceRefused
from chorus.domain.events import storable

LOGIN_PAGES = ("sign_in", "login")
# A cursor is kept with every page; none needs more.
LONGEST_LINK = 4_000


def next_page(response: requests.Response) -> Mapping[str, str] | None:
    """Only the parameters of the link: its host may be a proxy's idea of it.

    A link that nobody can read has none, so that the page it came with is kept; who follows it is where they began.
    """
    link = _next_link(response.headers.get("Link", ""))
    if link is None:
        return None
    try:
        cursor = dict(parse_qsl(urlsplit(link[:LONGEST_LINK]).query))
    except ValueError:
        return {}
    told = "".join(map("".join, cursor.items()))
    return cursor if len(link) <= LONGEST_LINK and storable(told) else {}


def _next_link(header: str) -> str | None:
    """However it is written: names and relations know no case, and a link may have several relations."""
    for link in parse_header_links(header):
        said = {name.lower(): value for name, value in link.items()}
        if "next" in said.get("rel", "").lower().split():
            return said.get("url")
    return None


def redirect_goal(response: requests.Response, asked: str) -> str:
    """Redirects stay on the host we were told to read, and in private: our token and our trust end there."""
    goal = response.headers["Location"]
    try:
        goal = urljoin(response.url, goal)
        there, here = urlsplit(goal), urlsplit(asked)
        stays = there.netloc == here.netloc and there.scheme in {here.scheme, "https"}
    except ValueError:
        stays = False
    if not stays or any(page in goal and page not in asked for page in LOGIN_PAGES):
        raise SourceRefused(
            f"{asked} sends us on to {goal[:200]}: give the target that base_url or a token it accepts."
        )
    return goal
