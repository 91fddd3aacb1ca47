"""The alert that a mood is far from what it usually is."""

from dataclasses import dataclass

from chorus.domain.window import Window
from chorus.notify.message import Embed, Field, Message
from chorus.notify.summary import bar, span
from chorus.notify.wave import Mood

ORANGE = 0xE67E22


@dataclass(frozen=True, slots=True)
class Anomaly:
    """`usual` and `deviation` are of the means of single hours."""

    window: Window
    now: Mood
    usual: float
    deviation: float
    hours: int

    @property
    def sigmas(self) -> float:
        return ((self.now.mean or 0) - self.usual) / self.deviation


def anomaly_message(anomaly: Anomaly | None) -> Message:
    """Empty where there is none."""
    if anomaly is None:
        return Message(())
    where = "brighter" if anomaly.sigmas > 0 else "darker"
    embed = Embed(
        title=f"Much {where} than usual · {span(anomaly.window)}",
        description=bar(anomaly.now),
        color=ORANGE,
        fields=(
            Field("Mood now", f"{anomaly.now.mean or 0:+.2f} of {anomaly.now.scored:,} posts"),
            Field("Usually", f"{anomaly.usual:+.2f} ± {anomaly.deviation:.2f}"),
            Field("Off by", f"{anomaly.sigmas:+.1f} standard deviations"),
        ),
        footer=f"Compared with {anomaly.hours} hours of the two weeks before",
    )
    return Message((embed,))
