"""How many posts are read at once."""

from dataclasses import dataclass, field

FIRST = 128
GROWTH = 8
QUICK_SECONDS = 1.0
SLOW_SECONDS = 30.0
# Towards the end of a queue each takes this part of what is left, so that all who read end together and little is left
# to be written when nothing is left to read.
PART = 4


@dataclass(slots=True)
class Portion:
    """Eight times as many after a quick answer, half as many after a slow one, never more than `most`.

    A GPU and a lexicon are idle between small portions. A transformer on a CPU would keep every other task waiting over
    large ones, and a killed task would lose minutes of its work.
    """

    most: int
    size: int = field(init=False)
    behind: int = 0

    def __post_init__(self) -> None:
        self.size = min(FIRST, self.most)

    @property
    def next(self) -> int:
        """How many to claim."""
        return min(self.size, max(self.behind // PART, FIRST))

    def learn(self, claimed: int, read: int, seconds: float) -> None:
        """So many of the texts claimed had to be read, which took so long; others may have been read meanwhile."""
        if seconds > SLOW_SECONDS:
            self.size = max(claimed // 2, 1)
        elif seconds < QUICK_SECONDS and 2 * read > self.size:
            self.size = min(self.size * GROWTH, self.most)
