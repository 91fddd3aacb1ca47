"""A post's words as the HTML that Mastodon's formatter makes of them."""

from html import escape

from chorus.demo.life.accounts import Account
from chorus.demo.life.hashtags import Hashtag
from chorus.demo.life.text import Text


def content(text: Text, home: str) -> str:
    *paragraphs, last = [escape(p).replace("\n", "<br />") for p in text.paragraphs]
    pieces = [last]
    if text.link:
        pieces.append(_link(text.link))
    pieces += [_hashtag(hashtag, home) for hashtag in text.hashtags]
    paragraphs.append(" ".join(pieces))
    if text.mention:
        paragraphs[0] = f"{_mention(text.mention)} {paragraphs[0]}"
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _hashtag(hashtag: Hashtag, home: str) -> str:
    return (
        f'<a href="https://{home}/tags/{hashtag.shown}" class="mention hashtag" rel="tag">'
        f"#<span>{hashtag.shown}</span></a>"
    )


def _mention(account: Account) -> str:
    return (
        f'<span class="h-card" translate="no"><a href="{account.url}" class="u-url mention">'
        f"@<span>{account.username}</span></a></span>"
    )


def _link(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return (
        f'<a href="{escape(address)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{scheme}://</span><span class="">{escape(rest)}</span>'
        '<span class="invisible"></span></a>'
    )
