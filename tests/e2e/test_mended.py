"""Code that was wrong for a while: what it made of a window is made anew."""

from contextlib import contextmanager

import pytest

from chorus.domain.window import Window
from tests.e2e.backfilling import rows_of
from tests.e2e.rerunning import equals_a_rebuild, replay
from tests.faults.waves import day, expected_of, is_whole, send, wait_until_all_is_done

pytestmark = [pytest.mark.e2e, pytest.mark.nightly, pytest.mark.timeout(1800)]


@contextmanager
def a_bug_in(file):
    """Every text that had to be read from HTML shouts."""
    right = file.read_text()
    wrong = right.replace(
        "_chomp(tree.text(deep=True))", "_chomp(tree.text(deep=True)).upper()"
    )
    assert wrong != right
    file.write_text(wrong)
    try:
        yield
    finally:
        file.write_text(right)


def test_once_a_bug_in_a_transform_is_mended_a_window_is_made_anew(calm, undisturbed):
    windows = day(265)
    both = Window(windows[0].since, windows[1].until)
    with a_bug_in(calm.newcomer.clone / "include/chorus/transform/plain_text.py"):
        for window in windows:
            send(calm.api, window)
        wait_until_all_is_done(calm)
    wrong = [rows_of(calm.settings, window) for window in windows]
    assert wrong != expected_of(calm, undisturbed, *windows)
    layers = ["bronze", "silver", "gold"]
    replay(calm, both, layers)
    assert wrong == [rows_of(calm.settings, window) for window in windows], "it only counts"
    replay(calm, both, layers, dry_run=False)
    is_whole(calm, undisturbed, *windows)
    equals_a_rebuild(calm)
