"""The summary of a wave, as one embed."""

from collections.abc import Sequence

from chorus.domain.window import Window
from chorus.notify.message import Embed, Field, Message, link_fields
from chorus.notify.text import quote
from chorus.notify.wave import Hashtag, Mood, Summary

SQUARES = {"negative": "🟥", "neutral": "⬜", "positive": "🟩"}
BAR = 12
LONGEST_TAG = 40


def summary_message(summary: Summary) -> Message:
    now = summary.now
    fields = [
        Field("Posts", f"{now.posts:,} by {now.accounts:,} accounts"),
        Field("Against the window before", _change(now, summary.before)),
        Field("Against the same time last week", _change(now, summary.last_week)),
        Field("Top hashtags", _listed(summary.hashtags), inline=False),
    ]
    if summary.risers:
        fields.append(Field("Rising", _rising(summary.risers), inline=False))
    if summary.quality is not None:
        fields.append(Field("Quality", f"{summary.quality:.1f} of 100"))
    if summary.seconds:
        steps = " · ".join(f"{step} {seconds:.0f} s" for step, seconds in summary.seconds)
        fields.append(Field("Took", steps))
    fields += link_fields("Run", summary.run_url)
    embed = Embed(
        title=f"What was said · {scope(summary.sources, summary.window)}",
        description=_mood(now),
        color=_color(now),
        fields=tuple(fields),
    )
    return Message((embed,))


def scope(sources: Sequence[str], window: Window) -> str:
    """Whose posts it is about, where not everybody's, and of when."""
    return " · ".join(([", ".join(sources)] if sources else []) + [span(window)])


def span(window: Window) -> str:
    """As people say it, in UTC."""
    since, until = f"{window.since:%d %b %Y, %H:%M}", f"{window.until:%d %b %Y, %H:%M}"
    if window.since.date() == window.until.date():
        until = f"{window.until:%H:%M}"
    return f"{since} to {until} UTC"


def bar(mood: Mood) -> str:
    """The shares as squares that always add up, the largest remainders rounded up."""
    counts = {"negative": mood.negative, "neutral": mood.neutral, "positive": mood.positive}
    exact = {label: BAR * count / mood.scored for label, count in counts.items()}
    squares = {label: int(share) for label, share in exact.items()}
    by_remainder = sorted(exact, key=lambda label: squares[label] - exact[label])
    for label in by_remainder[: BAR - sum(squares.values())]:
        squares[label] += 1
    return "".join(SQUARES[label] * squares[label] for label in counts)


def _mood(mood: Mood) -> str:
    if not mood.posts:
        return "Nobody said anything."
    if not mood.scored:
        return "No post has been read by the model."
    shares = " · ".join(
        f"{100 * count / mood.scored:.0f} % {label}"
        for label, count in (
            ("negative", mood.negative),
            ("neutral", mood.neutral),
            ("positive", mood.positive),
        )
    )
    return f"{bar(mood)}\n{shares}, mean {mood.mean or 0:+.2f}"


def _change(now: Mood, then: Mood) -> str:
    if not then.posts:
        return "nothing to compare with"
    posts = f"posts {100 * (now.posts - then.posts) / then.posts:+.0f} %"
    if now.mean is None or then.mean is None:
        return posts
    return f"{posts}, mood {now.mean - then.mean:+.2f}"


def _listed(hashtags: tuple[Hashtag, ...]) -> str:
    tags = " · ".join(f"{_tag(hashtag)} {hashtag.posts:,}" for hashtag in hashtags)
    return tags or "none"


def _rising(hashtags: tuple[Hashtag, ...]) -> str:
    return " · ".join(
        f"{_tag(hashtag)} {hashtag.posts_before:,} → {hashtag.posts:,}" for hashtag in hashtags
    )


def _tag(hashtag: Hashtag) -> str:
    return quote(f"#{hashtag.name}", LONGEST_TAG)


def _color(mood: Mood) -> int:
    if mood.mean is None:
        return 0x95A5A6
    return 0x2ECC71 if mood.mean >= 0 else 0xE74C3C
