"""The logs of tasks, which nobody rotates: a file for each try, until it is old."""

import time
from datetime import timedelta
from pathlib import Path

KEPT = timedelta(days=30)


def forget_logs(folder: Path, *, dry_run: bool) -> dict[str, int]:
    """Remove what was last written to longer ago than that, and the folders it leaves empty; returns how much that is."""
    before = time.time() - KEPT.total_seconds()
    # The innermost first. The age of a folder is taken before its files go, which would make it young: Airflow may be
    # about to write into one that is.
    old = [
        (place, place.stat().st_size)
        for place in sorted(folder.rglob("*"), key=lambda place: -len(place.parts))
        if not place.is_symlink() and place.stat().st_mtime < before
    ]
    files = [(place, size) for place, size in old if place.is_file()]
    if not dry_run:
        for place, _ in old:
            if place.is_file():
                place.unlink()
            elif not any(place.iterdir()):
                place.rmdir()
    return {"log_files": len(files), "log_bytes": sum(size for _, size in files)}
