"""A place where a test's model hosts live, and where none of them outlives it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from chorus.stack.processes import end


@contextmanager
def place_for_hosts() -> Iterator[Path]:
    """Short enough for a socket's name, which pytest's own folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="ch"))
    yield folder
    end(hosts_in(folder))
    shutil.rmtree(folder, ignore_errors=True)


def hosts_in(folder: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(
            word.startswith(f"--directory={folder}/") for word in process.info["cmdline"] or ()
        )
    ]
