"""How many cores a model may keep busy."""

import os


def cores() -> int:
    """The cores this process may use; a container's share, where the kernel says so."""
    return (
        len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1
    )
