"""A newcomer with a fresh clone: what they have, what they type, what they read."""

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from chorus import paths

NOBODY = 65534


def clone_into(folder: Path) -> Path:
    """The last commit, as `git clone` gives it; all there is, where the repository came without git."""
    place = folder / "chorus"
    if (paths.ROOT / ".git").exists() and shutil.which("git"):
        subprocess.run(["git", "clone", "--quiet", "--no-local", paths.ROOT, place], check=True)
    else:
        ours = shutil.ignore_patterns(".venv", ".run", "__pycache__", ".*_cache")
        shutil.copytree(paths.ROOT, place, ignore=ours)
    return place


@dataclass
class Newcomer:
    """Types `make` in a clone, with an environment that holds nothing of ours."""

    clone: Path
    home: Path
    ordinary: bool = False

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if self.ordinary:
            for place in (self.clone, self.home):
                subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", place], check=True)

    @property
    def run_folder(self) -> Path:
        return self.clone / ".run"

    def make(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._as_whom(), "make", *words],
            cwd=self.clone,
            env=self._environment() | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )

    def start(self, *words: str, **variables: str) -> "Running":
        process = subprocess.Popen(
            [*self._as_whom(), "make", *words],
            cwd=self.clone,
            env=self._environment() | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return Running(process)

    def _as_whom(self) -> list[str]:
        if not self.ordinary:
            return []
        return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]

    def _environment(self) -> dict[str, str]:
        """How packages are reached is the machine's doing, as its PATH is."""
        packages = {name: value for name, value in os.environ.items() if name[:4] == "PIP_"}
        own = {"PATH": _path(self.ordinary), "HOME": str(self.home), "TMPDIR": "/tmp"}
        return packages | own


def _path(ordinary: bool) -> str:
    """The machine's own PATH, without the environment these tests run in and what only root may enter."""
    closed = (str(paths.ROOT / ".venv"), *(("/root",) if ordinary else ()))
    parts = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(part for part in parts if not part.startswith(closed))


@dataclass
class Running:
    """A `make run` that goes on, and what it has said so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, pattern: str, within: float = 300) -> re.Match[str]:
        patience = time.monotonic() + within
        while not (found := re.search(pattern, self.said)):
            assert self.process.poll() is None, f"it ended early:\n{self.said}"
            assert time.monotonic() < patience, f"{pattern!r} was never said:\n{self.said}"
            time.sleep(0.2)
        return found

    def interrupt(self) -> float:
        """Ctrl-C, as a terminal sends it to everyone in front; returns the seconds until the end."""
        start = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(60)
        return time.monotonic() - start


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every process that belongs to a clone, whoever its parent is by now."""
    found = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.cwd(), *process.environ().values()]
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
        if any(str(folder) in word for word in words):
            found.append(process)
    return found


def rows_said(said: str) -> dict[str, int]:
    """What the summary says each table holds."""
    found = re.findall(r"(\w+)\W+([\d,]+)\W*$", said, flags=re.MULTILINE)
    assert found, said
    return {name: int(rows.replace(",", "")) for name, rows in found}
