"""The most memory this process ever had."""

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_megabytes() -> int:
    """Not `ru_maxrss` where it can be helped: on Linux that begins with what the parent had."""
    if STATUS.exists():
        return int(STATUS.read_text().partition("VmHWM:")[2].split()[0]) // 1024
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return taken // (1024 * 1024 if sys.platform == "darwin" else 1024)
