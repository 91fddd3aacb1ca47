"""PostgreSQL processes that outlived whoever started them, found by what they stand in: their data folder."""

import signal
from pathlib import Path

import psutil

FAST_WITHIN = 8.0
HARD_WITHIN = 5.0


def servers_on(data: Path) -> list[psutil.Process]:
    """Every PostgreSQL process on that folder; also the workers of a server that was killed."""
    here = str(data.resolve())
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and process.cwd() == here:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def end_servers(data: Path, grace: float = FAST_WITHIN) -> None:
    """End them in the fast way, and in the hard way what does not go within the grace."""
    left = servers_on(data)
    if grace:
        for process in left:
            _send(process, signal.SIGINT)
        _, left = psutil.wait_procs(left, timeout=grace)
    for process in left:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=HARD_WITHIN)


def _send(process: psutil.Process, how: signal.Signals) -> None:
    try:
        process.send_signal(how)
    except psutil.NoSuchProcess:
        return
