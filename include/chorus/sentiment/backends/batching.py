"""Batches of texts of like length, so that almost no padding is computed."""

from collections.abc import Iterator, Sequence


def token_budget_batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Positions, longest text first, in batches whose padded size stays within `budget` tokens.

    The longest come first so that a device that is too small says so at once.
    """
    batch: list[int] = []
    width = 0
    for position in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and (len(batch) + 1) * width > budget:
            yield batch
            batch = []
        if not batch:
            width = max(lengths[position], 1)
        batch.append(position)
    if batch:
        yield batch
