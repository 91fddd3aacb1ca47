"""Old logs of tasks leave, and nothing else."""

import os
import time

import pytest

from chorus.pipelines.old_logs import KEPT, forget_logs


@pytest.fixture
def logs(tmp_path):
    """A file of each age in days, in a folder as old."""

    def logs(**ages):
        for name, days in ages.items():
            file = tmp_path / "dag_id=a" / f"run_id={name}" / "attempt=1.log"
            file.parent.mkdir(parents=True)
            file.write_text("said something")
            then = time.time() - days * 24 * 3600
            for place in (file, file.parent):
                os.utime(place, (then, then))
        return tmp_path

    return logs


def left(folder):
    return sorted(file.parent.name for file in folder.rglob("*.log"))


def test_it_counts_first(logs):
    folder = logs(old=KEPT.days + 1, young=KEPT.days - 1)
    assert forget_logs(folder, dry_run=True) == {"log_files": 1, "log_bytes": 14}
    assert left(folder) == ["run_id=old", "run_id=young"]


def test_what_is_old_goes_with_its_folder_and_what_is_young_stays(logs):
    folder = logs(old=KEPT.days + 1, older=400, young=KEPT.days - 1)
    assert forget_logs(folder, dry_run=False)["log_files"] == 2
    assert left(folder) == ["run_id=young"]
    assert [place.name for place in (folder / "dag_id=a").iterdir()] == ["run_id=young"]
    assert forget_logs(folder, dry_run=False)["log_files"] == 0


def test_a_link_is_not_followed(logs, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    mine = elsewhere / "mine.txt"
    mine.touch()
    os.utime(mine, (0, 0))
    folder = logs(young=0)
    (folder / "link").symlink_to(elsewhere)
    (folder / "latest").symlink_to(mine)
    forget_logs(folder, dry_run=False)
    assert mine.exists()
    assert (folder / "latest").is_symlink()
