"""How many cores a model may keep busy, and with how much at once."""

import os

# What a layer makes of so many tokens stays in a core's own cache; eight times as many cost half as much again.
TOKENS_PER_CORE = 256


def cores() -> int:
    """The cores this process may use; a container's share, where the kernel says so."""
    return (
        len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1
    )


def tokens_per_batch() -> int:
    return TOKENS_PER_CORE * cores()
