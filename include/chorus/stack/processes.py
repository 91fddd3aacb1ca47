"""Finding and ending processes of ours that nobody waits for any more.

A child's descendants share its session; everything we start carries the run folder in its environment. So what a
SIGKILL left behind is found by one or the other, now or at the next start.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

import psutil

MARKER = "CHORUS_RUN_DIR"
SET_CHILD_SUBREAPER = 36
ENDED_WITHIN = 3.0
UNREADABLE = (psutil.NoSuchProcess, psutil.AccessDenied, ProcessLookupError, PermissionError)


def adopt_orphans() -> None:
    """Make this process the parent of descendants whose parent died, so that none of them stays as a zombie."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def in_sessions(sessions: Iterable[int]) -> list[psutil.Process]:
    """Every living process of the sessions that these children led."""
    wanted = set(sessions)
    return [process for process in _living() if _session(process) in wanted]


def marked(run_folder: Path) -> list[psutil.Process]:
    """Every living process that was started for this run folder, whoever started it."""
    mine = str(run_folder.resolve())
    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = []
    for process in _living():
        try:
            if process.pid not in spared and process.environ().get(MARKER) == mine:
                found.append(process)
        except UNREADABLE:
            continue
    return found


def end(processes: Iterable[psutil.Process], grace: float = 0.0) -> None:
    """Ask them to go when there is time for it, then make them."""
    left = list(processes)
    if grace:
        _signal(left, signal.SIGTERM)
        _, left = psutil.wait_procs(left, timeout=grace)
    _signal(left, signal.SIGKILL)
    psutil.wait_procs(left, timeout=ENDED_WITHIN)


def reap_adopted(seen_before: set[int], own: set[int]) -> set[int]:
    """Bury adopted children that have been dead since the last look; say which are dead now.

    Two looks, because a child that somebody in this process waits for is dead for a moment, too.
    """
    dead = {
        child.pid
        for child in psutil.Process().children()
        if child.pid not in own and _is_dead(child)
    }
    for pid in dead & seen_before:
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            continue
    return dead - seen_before


def _living() -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if not _is_dead(process)]


def _is_dead(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except UNREADABLE:
        return True


def _session(process: psutil.Process) -> int:
    try:
        return os.getsid(process.pid)
    except UNREADABLE:
        return -1


def _signal(processes: list[psutil.Process], how: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(how)
        except psutil.NoSuchProcess:
            continue
