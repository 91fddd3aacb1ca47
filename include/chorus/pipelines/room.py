"""Whether there is room: on the disks we write to, and in the partitions of the coming weeks."""

import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chorus import paths
from chorus.config import Settings
from chorus.pipelines.watch import Finding
from chorus.warehouse.connection import Connection
from chorus.warehouse.statements import render

WEEKS_AHEAD = 2
GB = 10**9
EMBEDDED = paths.ROOT / ".run" / "postgres"


def partitions(connection: Connection, settings: Settings) -> Finding:
    """Makes what is missing, as any load would: a week that cannot be made is heard of before it is needed."""
    monday = datetime.now(UTC).date()
    monday -= timedelta(days=monday.weekday())
    weeks = [monday + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD + 1)]
    connection.execute(render("bronze/raw_events/ensure_weeks.sql", settings), {"weeks": weeks})
    connection.commit()
    count, newest, size = _room(connection, settings)
    said = f"{count} weeks of raw events have a partition, through {newest}; the warehouse holds {size / GB:.1f} GB."
    return Finding(is_well=True, sentence=said)


def disk(settings: Settings, places: Iterable[Path] = ()) -> Finding:
    """Every disk that this machine writes to, once; that of a warehouse elsewhere is its own machine's business."""
    free: dict[int, tuple[float, Path]] = {}
    ours = (paths.ROOT, EMBEDDED, Path(tempfile.gettempdir()), *map(Path, _folders(settings)))
    for place in (*ours, *places):
        if place.exists():
            free.setdefault(place.stat().st_dev, (shutil.disk_usage(place).free / GB, place))
    least = settings.thresholds.disk_free_gb
    said = ", ".join(f"{gigabytes:.1f} GB at {place}" for gigabytes, place in free.values())
    full = any(gigabytes < least for gigabytes, _ in free.values())
    return Finding(is_well=not full, sentence=f"Free: {said}; {least:g} GB are wanted.")


def _folders(settings: Settings) -> list[str]:
    """What we write besides, as far as it is on a disk."""
    archive = settings.archive_address
    return [str(paths.ROOT / settings.data_dir), *([archive] if "://" not in archive else [])]


def _room(connection: Connection, settings: Settings) -> tuple[int, str, int]:
    size, count, newest = connection.execute(
        render("ops/watch/room.sql", settings)
    ).fetchone() or (0, 0, "none")
    return int(str(count)), str(newest), int(str(size))
